// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';

const MOST_LINES = 5000;
const KINDS = [[/^(diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename |old mode|new mode)/, 'file'], [/^@@/, 'place'],
  [/^\+/, 'added'], [/^-/, 'removed']];

/**
 * A diff with colours; other text as it is.
 *
 * @param {string} text
 */
export function diff(text) {
  const lines = text.split('\n');
  if (!lines.some(line => line.startsWith('diff ') || line.startsWith('@@'))) {
    return html`<pre class="text" tabindex="0">${text}</pre>`;
  }
  return html`<div class="diff" tabindex="0" role="region" aria-label="Changes">${lines.slice(0, MOST_LINES).map(
      line => html`<div class=${KINDS.find(([form]) => form.test(line))?.[1] ?? ''}>${line || ' '}</div>`)}</div>
    ${lines.length > MOST_LINES ? html`<p class="muted">${lines.length - MOST_LINES} more lines are not shown</p>` : ''}`;
}
