// SPDX-License-Identifier: Apache-2.0
/** Loads the console of a task in pages, from its end or from its beginning, and what is added to it. */
import {call} from '../core/api.js';
import {ConsoleLines} from './console-lines.js';

const PAGE = 1000;
const LARGE_PAGE = 10000;

export class ConsoleSource {
  #task;
  /** Settled when the request before is done. */
  #last = Promise.resolve();
  lines = new ConsoleLines();
  /** How many reports the server has. */
  total = 0;
  /** Whether the first and the last line are loaded. */
  atStart = false;
  atEnd = false;
  /** Whether reports arrived that are older than the last one loaded; starting again shows them. */
  late = false;
  #missing = 0;

  /** @param {string} task */
  constructor(task) {
    this.#task = task;
  }

  async #page(more) {
    const answer = await call('events.get_task_log', {task: this.#task, order: 'asc', ...more});
    this.total = answer.total;
    return answer.events;
  }

  /** One request at a time, in turn: both ends would otherwise grow twice. */
  async #alone(work) {
    const before = this.#last;
    let done;
    this.#last = new Promise(resolve => {
      done = resolve;
    });
    await before;
    try {
      await work();
    } finally {
      done();
    }
  }

  /** Starts again with the newest lines. */
  fromEnd() {
    return this.#alone(async () => {
      const events = oldestFirst(await this.#page({batch_size: PAGE, navigate_earlier: true, order: 'desc'}));
      this.lines = new ConsoleLines();
      this.lines.append(events);
      this.atStart = events.length >= this.total;
      this.atEnd = true;
      this.late = false;
      this.#missing = this.total - events.length;
    });
  }

  /** Starts again with the oldest lines. */
  fromStart() {
    return this.#alone(async () => {
      const events = await this.#page({batch_size: PAGE, navigate_earlier: false});
      this.lines = new ConsoleLines();
      this.lines.append(events);
      this.atStart = true;
      this.atEnd = events.length >= this.total;
    });
  }

  /**
   * Loads older lines.
   *
   * @param {boolean} [many] whether a large page is wanted
   * @returns {Promise<number>} how many lines were added
   */
  async earlier(many = false) {
    let added = 0;
    await this.#alone(async () => {
      const events = oldestFirst(await this.#page({
        batch_size: many ? LARGE_PAGE : PAGE,
        navigate_earlier: true,
        order: 'desc',
        from_timestamp: this.lines.first,
      }));
      added = events.length ? this.lines.prepend(events) : 0;
      this.atStart = events.length === 0 || this.lines.reports >= this.total;
      this.#missing -= events.length;
    });
    return added;
  }

  /** Loads newer lines; whether there were any. */
  async later() {
    let added = 0;
    await this.#alone(async () => {
      // Strictly beyond a time: the reports that have the last one's time come again and are left out.
      const known = this.lines.reports;
      const events = await this.#page({
        batch_size: PAGE,
        navigate_earlier: false,
        ...(known ? {from_timestamp: this.lines.last - 1} : {}),
      });
      const fresh = known ? events.slice(this.lines.atLast) : events;
      if (fresh.length) {
        this.lines.append(fresh);
      }
      added = fresh.length;
      this.late = this.atEnd && fresh.length < PAGE && this.total - this.lines.reports > this.#missing;
      this.atEnd = fresh.length < PAGE;
    });
    return added > 0;
  }
}

/** @param {{timestamp: number}[]} events newest first; those of one time are reversed too */
function oldestFirst(events) {
  return events.reverse();
}
