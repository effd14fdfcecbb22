// SPDX-License-Identifier: Apache-2.0
/** Asks which columns a table has. */
import {html} from '../library/lit-html/lit-html.js';
import {ask} from './dialog.js';

const KINDS = [
  {title: 'Task', own: id => !/^[mp]\./.test(id)},
  {title: 'Metrics', own: id => id.startsWith('m.')},
  {title: 'Parameters', own: id => id.startsWith('p.')},
];

/**
 * @param {import('../core/columns.js').Column[]} known
 * @param {string[]} chosen ids
 * @returns {Promise<string[] | undefined>} the ids in their order: those that were chosen before first
 */
export async function chooseColumns(known, chosen) {
  const narrow = event => {
    const part = event.target.value.toLowerCase();
    event.target.closest('form').querySelectorAll('[data-title]').forEach(
        label => label.toggleAttribute('hidden', !label.dataset.title.includes(part)));
  };
  const answer = await ask({
    title: 'Columns',
    content: html`<input type="search" placeholder="Find a column" aria-label="Find a column" @input=${narrow}>
      <div class="choices">${KINDS.map(kind => {
        const columns = known.filter(column => kind.own(column.id));
        return columns.length ? html`<fieldset><legend>${kind.title}</legend>${columns.map(
            column => html`<label class="check" data-title=${column.title.toLowerCase()}><input type="checkbox" name="column"
              value=${column.id} ?checked=${chosen.includes(column.id)}> ${column.title}</label>`)}</fieldset>` : '';
      })}</div>`,
    confirm: 'Show',
  });
  if (!answer) {
    return undefined;
  }
  const wanted = answer.getAll('column').map(String);
  return [...chosen.filter(id => wanted.includes(id)), ...wanted.filter(id => !chosen.includes(id))];
}
