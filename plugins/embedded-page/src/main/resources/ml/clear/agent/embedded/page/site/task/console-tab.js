// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {active} from '../core/status.js';
import '../parts/console.js';

/** What the task has printed. */
export class ConsoleTab {
  #id;

  /** @param {string} id */
  constructor(id) {
    this.#id = id;
  }

  render(task) {
    return html`<clearml-console .task=${this.#id} .live=${active(task.status)}></clearml-console>`;
  }
}
