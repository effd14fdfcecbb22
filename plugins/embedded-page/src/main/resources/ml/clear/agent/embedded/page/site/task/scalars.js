// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {call} from '../core/api.js';
import {redraw} from '../core/draw.js';
import {number} from '../core/format.js';
import {Poll} from '../core/poll.js';
import {active} from '../core/status.js';
import {Charts} from '../parts/charts.js';

/** The numbers that the task has reported, as curves; those without iteration as a table. */
export class Scalars {
  #id;
  #charts;
  #single = [];
  #poll;

  /** @param {string} id @param {() => any} task */
  constructor(id, task) {
    this.#id = id;
    this.#charts = new Charts(() => [id], (_, variant) => variant);
    this.#poll = new Poll(() => this.#load(), () => active(task()?.status) ? 2000 : 30000);
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
  }

  async #load() {
    await this.#charts.load();
    const {tasks} = await call('events.get_task_single_value_metrics', {tasks: [this.#id]});
    this.#single = tasks[0]?.values ?? [];
    redraw();
  }

  render() {
    return html`${this.#single.length ? html`<dl class="values">${this.#single.map(
        ({variant, value}) => html`<div><dt>${variant}</dt><dd>${number(value)}</dd></div>`)}</dl>` : ''}
      ${this.#charts.render()}`;
  }
}
