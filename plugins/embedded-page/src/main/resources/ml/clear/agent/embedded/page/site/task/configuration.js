// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';

/** The configuration objects, which are texts. */
export class Configuration {
  render(task) {
    const items = Object.entries(task.configuration ?? {}).sort();
    return items.length ? items.map(([name, item]) => html`<section class="card">
      <h2>${name}</h2>${item.description ? html`<p>${item.description}</p>` : ''}
      <pre class="text" tabindex="0">${item.value}</pre></section>`) : html`<p class="empty">No configuration</p>`;
  }
}
