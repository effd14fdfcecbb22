// SPDX-License-Identifier: Apache-2.0
/** Choices behind a button; Escape and a click elsewhere close them. */
import {html} from '../library/lit-html/lit-html.js';
import {live} from '../library/lit-html/directives/live.js';

/** @param {Element | null} [except] */
function close(except) {
  document.querySelectorAll('details.menu[open]').forEach(menu => menu !== except && menu.removeAttribute('open'));
}

document.addEventListener('click', event => close(/** @type {Element} */ (event.target).closest('details.menu')));
document.addEventListener('keydown', event => {
  const open = event.key === 'Escape' && document.querySelector('details.menu[open]');
  if (open) {
    close();
    open.querySelector('summary').focus();
  }
});

/**
 * Nothing where there is no choice.
 *
 * @param {string} title
 * @param {[string, string][]} options each with its title
 * @param {string[]} chosen
 * @param {(option: string, on: boolean) => void} change
 */
export function menu(title, options, chosen, change) {
  return options.length ? html`<details class="menu"><summary>${title}${chosen.length ? html` <b>${chosen.length}</b>` : ''}</summary>
    <div class="menu-content">${options.map(([option, label]) => html`<label class="check"><input type="checkbox"
      .checked=${live(chosen.includes(option))} @change=${event => change(option, event.target.checked)}> ${label}</label>`)}</div></details>` : '';
}
