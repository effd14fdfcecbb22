// SPDX-License-Identifier: Apache-2.0
/** Repeats work while the page is visible: the pause begins when the work has ended. */
export class Poll {
  #work;
  #pause;
  #timer = 0;
  #running = false;
  #busy = false;
  #visible = () => document.hidden || this.now();

  /**
   * @param {() => Promise<void>} work a failure is repeated like any other
   * @param {number | (() => number)} pause milliseconds
   */
  constructor(work, pause) {
    this.#work = work;
    this.#pause = pause;
  }

  /** Begins at once. */
  start() {
    this.#running = true;
    document.addEventListener('visibilitychange', this.#visible);
    return this.now();
  }

  /** Ends after the work at hand. */
  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#visible);
  }

  /** Does the work now and goes on from there. */
  async now() {
    clearTimeout(this.#timer);
    if (this.#busy || !this.#running) {
      return;
    }
    this.#busy = true;
    try {
      await this.#work();
    } catch (error) {
      console.warn(error);
    } finally {
      this.#busy = false;
    }
    if (this.#running && !document.hidden) {
      this.#timer = setTimeout(() => this.now(), typeof this.#pause === 'function' ? this.#pause() : this.#pause);
    }
  }
}
