// SPDX-License-Identifier: Apache-2.0
/** Short messages about what has happened. */
import {html} from '../library/lit-html/lit-html.js';
import {redraw} from '../core/draw.js';

const SHOWN_MILLIS = 5000;
/** @type {{text: string, bad: boolean}[]} */
let messages = [];

/** @param {string} text @param {boolean} [bad] whether it is about a failure */
export function say(text, bad = false) {
  const message = {text, bad};
  messages = [...messages, message];
  setTimeout(() => {
    messages = messages.filter(each => each !== message);
    redraw();
  }, SHOWN_MILLIS);
  redraw();
}

/** All messages that are shown now. */
export function toasts() {
  return html`<div class="toasts" role="status">${messages.map(
      each => html`<p class="toast ${each.bad ? 'bad' : ''}">${each.text}</p>`)}</div>`;
}
