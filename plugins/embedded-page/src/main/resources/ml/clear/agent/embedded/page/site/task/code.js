// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {diff} from '../parts/diff.js';

/** @param {string | string[] | undefined} text requirements come in both shapes */
function lines(text) {
  return Array.isArray(text) ? text.join('\n') : text ?? '';
}

/** Where the code comes from, what was changed in it, and what it needs. */
export class Code {
  render({script = {}, container = {}}) {
    const facts = [
      ['Repository', script.repository],
      ['Branch', script.branch],
      ['Commit', script.version_num],
      ['Tag', script.tag],
      ['Entry point', script.entry_point],
      ['Working folder', script.working_dir],
      ['Interpreter', script.binary],
      ['Container', container.image],
      ['Container arguments', container.arguments],
    ].filter(([, value]) => value);
    const requirements = Object.entries(script.requirements ?? {}).map(([kind, text]) => [kind, lines(text)])
        .filter(([, text]) => text.trim());
    return html`<section class="card"><h2>Source</h2>
        <dl class="facts">${facts.map(([title, value]) => html`<dt>${title}</dt><dd><code>${value}</code></dd>`)}</dl></section>
      ${script.diff ? html`<section class="card"><h2>${script.repository ? 'Uncommitted changes' : 'Script'}</h2>${diff(script.diff)}</section>` : ''}
      ${requirements.map(([kind, text]) => html`<section class="card"><h2>Requirements <span class="muted">${kind}</span></h2>
        <pre class="text" tabindex="0">${text}</pre></section>`)}`;
  }
}
