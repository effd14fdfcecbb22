// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {repeat} from '../library/lit-html/directives/repeat.js';
import {call} from '../core/api.js';
import {redraw} from '../core/draw.js';
import {Poll} from '../core/poll.js';
import {active} from '../core/status.js';
import '../parts/figure.js';

const ITERATIONS = 10;

/** The figures that the task has reported: of each the last iterations. */
export class Plots {
  #id;
  /** @type {Map<string, any[]>} figures of one metric and variant, by iteration */
  #figures = new Map();
  #chosen = new Map();
  #loaded = false;
  #poll;

  /** @param {string} id @param {() => any} task */
  constructor(id, task) {
    this.#id = id;
    this.#poll = new Poll(() => this.#load(), () => active(task()?.status) ? 5000 : 60000);
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
  }

  async #load() {
    const {plots} = await call('events.get_task_plots', {task: this.#id, iters: ITERATIONS});
    const figures = new Map();
    for (const plot of plots.sort((a, b) => a.iter - b.iter)) {
      const key = [plot.metric, plot.variant].filter(Boolean).join(' / ');
      figures.set(key, [...(figures.get(key) ?? []), plot]);
    }
    this.#figures = figures;
    this.#loaded = true;
    redraw();
  }

  render() {
    if (!this.#figures.size) {
      return this.#loaded ? html`<p class="empty">No plots</p>` : '';
    }
    return html`<div class="figures">${repeat([...this.#figures].sort(), ([key]) => key, ([key, plots]) => this.#figure(key, plots))}</div>`;
  }

  #figure(key, plots) {
    const at = Math.min(this.#chosen.get(key) ?? plots.length - 1, plots.length - 1);
    return html`<section class="card figure"><header><h2>${key}</h2>
        ${plots.length > 1 ? html`<label class="iteration">Iteration ${plots[at].iter}
          <input type="range" min="0" max=${plots.length - 1} .value=${String(at)} aria-label=${`Iteration of ${key}`}
            @input=${event => { this.#chosen.set(key, Number(event.target.value)); redraw(); }}></label>`
            : html`<span class="muted">Iteration ${plots[at].iter}</span>`}</header>
      <clearml-figure .source=${plots[at].plot_str} .name=${key}></clearml-figure></section>`;
  }
}
