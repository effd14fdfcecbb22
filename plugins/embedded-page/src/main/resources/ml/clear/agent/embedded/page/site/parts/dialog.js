// SPDX-License-Identifier: Apache-2.0
/** Questions in a modal dialog. */
import {html, render} from '../library/lit-html/lit-html.js';

/**
 * Asks something.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {unknown} question.content a template with the fields; those with a name make the answer
 * @param {string} question.confirm what the button says
 * @param {boolean} [question.dangerous]
 * @returns {Promise<FormData | undefined>} undefined when it was dismissed
 */
export function ask({title, content, confirm, dangerous = false}) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-label', title);
  return new Promise(resolve => {
    const submit = event => {
      event.preventDefault();
      resolve(new FormData(event.target));
      dialog.close();
    };
    render(html`<form method="dialog" @submit=${submit}>
      <h2>${title}</h2>
      <div class="dialog-content">${content}</div>
      <div class="buttons">
        <button type="button" @click=${() => dialog.close()}>Cancel</button>
        <button type="submit" class=${dangerous ? 'danger' : 'primary'}>${confirm}</button>
      </div>
    </form>`, dialog);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Shows something large.
 *
 * @param {string} title
 * @param {unknown} content a template
 * @returns {HTMLDialogElement}
 */
export function show(title, content) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog large';
  dialog.setAttribute('aria-label', title);
  render(html`<header><h2>${title}</h2>
    <button class="quiet" aria-label="Close" @click=${() => dialog.close()}>✕</button></header>
    <div class="dialog-content">${content}</div>`, dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
