// SPDX-License-Identifier: Apache-2.0
/** What can be done with models. */
import {html} from '../library/lit-html/lit-html.js';
import {archived, many} from './actions.js';
import {ask} from '../parts/dialog.js';

/** @typedef {{id: string, name: string, ready?: boolean, system_tags?: string[]}} Model */

/** @type {{id: string, title: string, fits: (model: Model) => boolean, run: (models: Model[]) => Promise<boolean>}[]} */
export const MODEL_ACTIONS = [
  {id: 'publish', title: 'Publish', fits: model => !model.ready, run: models => many('models.publish_many', models, 'published')},
  {id: 'archive', title: 'Archive', fits: model => !archived(model), run: models => many('models.archive_many', models, 'archived')},
  {id: 'restore', title: 'Restore', fits: archived, run: models => many('models.unarchive_many', models, 'restored')},
  {id: 'delete', title: 'Delete', fits: () => true, run: remove},
];

/** @param {Model[]} models */
async function remove(models) {
  const answer = await ask({
    title: `Delete '${models[0].name}'?`,
    content: html`<p>Its file is deleted too, when this server stores it.</p>`,
    confirm: 'Delete',
    dangerous: true,
  });
  return answer ? many('models.delete_many', models, 'deleted', {force: true}) : false;
}
