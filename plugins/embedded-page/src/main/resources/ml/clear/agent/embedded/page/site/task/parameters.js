// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';

/** The parameters by section. */
export class Parameters {
  render(task) {
    const sections = Object.entries(task.hyperparams ?? {}).filter(([, items]) => Object.keys(items).length);
    if (!sections.length) {
      return html`<p class="empty">No parameters</p>`;
    }
    return sections.sort().map(([section, items]) => html`<section class="card">
      <h2>${section}</h2>
      <div class="scroll" tabindex="0" role="region" aria-label=${section}><table class="plain pairs"><tbody>${
        Object.entries(items).sort().map(([name, item]) => html`<tr title=${item.description ?? ''}>
          <th scope="row">${name}</th><td><code>${item.value}</code></td></tr>`)}</tbody></table></div>
    </section>`);
  }
}
