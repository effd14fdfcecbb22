// SPDX-License-Identifier: Apache-2.0
/** What can be done with tasks. */
import {html} from '../library/lit-html/lit-html.js';
import {call} from './api.js';
import {ask, show} from '../parts/dialog.js';
import {say} from '../parts/toast.js';

/** @typedef {{id: string, name: string, status: string, project?: any, tags?: string[], system_tags?: string[]}} Task */

/** @param {Task} task */
export function archived(task) {
  return task.system_tags?.includes('archived') ?? false;
}

/**
 * The actions that a button offers, with the tasks that each one is for.
 *
 * @type {{id: string, title: string, fits: (task: Task) => boolean, run: (tasks: Task[]) => Promise<boolean>}[]}
 */
export const ACTIONS = [
  {id: 'enqueue', title: 'Enqueue', fits: task => ['created', 'stopped', 'failed'].includes(task.status), run: enqueue},
  {id: 'abort', title: 'Abort', fits: task => ['queued', 'in_progress'].includes(task.status), run: abort},
  {id: 'reset', title: 'Reset', fits: task => !['created', 'queued', 'in_progress', 'published', 'publishing'].includes(task.status), run: reset},
  {id: 'archive', title: 'Archive', fits: task => !archived(task), run: archive},
  {id: 'restore', title: 'Restore', fits: archived, run: restore},
  {id: 'delete', title: 'Delete', fits: task => !['queued', 'in_progress'].includes(task.status), run: remove},
];

/** @param {{name: string}[]} tasks */
function named(tasks) {
  return tasks.length === 1 ? `'${tasks[0].name}'` : `${tasks.length} tasks`;
}

/**
 * @param {string} name of a call that takes `ids`
 * @param {{id: string, name: string}[]} documents tasks or models
 * @param {string} done a word for the message
 * @param {object} [more]
 */
export async function many(name, documents, done, more = {}) {
  const answer = await call(name, {ids: documents.map(each => each.id), ...more});
  const failed = answer.failed ?? [];
  if (failed.length) {
    say(`${failed.length} of ${documents.length} failed: ${failed[0].error?.msg ?? 'refused'}`, true);
  } else {
    say(`${named(documents)} ${done}`);
  }
  return true;
}

/** @param {Task[]} tasks */
async function enqueue(tasks) {
  const {queues} = await call('queues.get_all', {only_fields: ['id', 'name'], order_by: ['name']});
  const answer = await ask({
    title: `Enqueue ${named(tasks)}`,
    content: html`<label>Queue <select name="queue">${queues.map(
        queue => html`<option value=${queue.id} ?selected=${queue.name === 'default'}>${queue.name}</option>`)}</select></label>`,
    confirm: 'Enqueue',
  });
  return answer ? many('tasks.enqueue_many', tasks, 'enqueued', {queue: answer.get('queue')}) : false;
}

/** @param {Task[]} tasks */
async function abort(tasks) {
  const answer = await ask({
    title: `Abort ${named(tasks)}?`,
    content: html`<p>What runs is stopped; what waits is taken from its queue.</p>`,
    confirm: 'Abort',
    dangerous: true,
  });
  return answer ? many('tasks.stop_many', tasks, 'asked to stop', {status_reason: 'aborted on the page'}) : false;
}

/** @param {Task[]} tasks */
async function reset(tasks) {
  const answer = await ask({
    title: `Reset ${named(tasks)}?`,
    content: html`<p>The console, metrics, plots and artifacts of earlier runs are deleted.</p>`,
    confirm: 'Reset',
    dangerous: true,
  });
  return answer ? many('tasks.reset_many', tasks, 'reset', {force: true}) : false;
}

/** @param {Task[]} tasks */
function archive(tasks) {
  return many('tasks.archive_many', tasks, 'archived');
}

/** @param {Task[]} tasks */
function restore(tasks) {
  return many('tasks.unarchive_many', tasks, 'restored');
}

/** @param {Task[]} tasks */
async function remove(tasks) {
  const answer = await ask({
    title: `Delete ${named(tasks)}?`,
    content: html`<p>Everything that was reported is deleted with it, for good.</p>`,
    confirm: 'Delete',
    dangerous: true,
  });
  return answer ? many('tasks.delete_many', tasks, 'deleted', {force: true, delete_output_models: true}) : false;
}

/**
 * Asks for tags and stores them.
 *
 * @param {'task' | 'model'} kind
 * @param {{id: string, name: string, tags?: string[]}} document
 */
export async function editTags(kind, document) {
  const answer = await ask({
    title: `Tags of '${document.name}'`,
    content: html`<label>Tags, separated by commas
      <input name="tags" value=${(document.tags ?? []).join(', ')} autocomplete="off"></label>`,
    confirm: 'Save',
  });
  if (answer) {
    const tags = String(answer.get('tags')).split(',').map(tag => tag.trim()).filter(Boolean);
    await call(`${kind}s.update`, {[kind]: document.id, tags: [...new Set(tags)]});
  }
  return Boolean(answer);
}

/**
 * Copies a task with other parameters.
 *
 * @param {any} task
 * @returns {Promise<string | undefined>} the id of the copy
 */
export async function clone(task) {
  const sections = Object.entries(task.hyperparams ?? {});
  const answer = await ask({
    title: `Clone '${task.name}'`,
    content: html`
      <label>Name <input name="name" required minlength="3" value=${`Clone of ${task.name}`}></label>
      ${sections.map(([section, items]) => html`<fieldset><legend>${section}</legend>${Object.entries(items).map(
          ([name, item]) => html`<label class="pair"><span>${name}</span>
            <input name=${`p ${section} ${name}`} value=${item.value ?? ''}></label>`)}</fieldset>`)}`,
    confirm: 'Clone',
  });
  if (!answer) {
    return undefined;
  }
  const hyperparams = structuredClone(task.hyperparams ?? {});
  for (const [section, items] of sections) {
    for (const name of Object.keys(items)) {
      hyperparams[section][name].value = String(answer.get(`p ${section} ${name}`) ?? '');
    }
  }
  const made = await call('tasks.clone', {
    task: task.id,
    new_task_name: answer.get('name'),
    ...(sections.length ? {new_task_hyperparams: hyperparams} : {}),
  });
  say(`made '${answer.get('name')}'`);
  return made.id;
}

/**
 * Copies the address of what is shown; a browser gives the clipboard only to pages of this machine or over https.
 */
export async function share() {
  const link = location.origin + location.pathname + location.search;
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(link);
    say('the link is in the clipboard');
  } else {
    show('Link', html`<input class="link" readonly value=${link} aria-label="Link" @focus=${event => event.target.select()}>`);
  }
}

/**
 * Runs an action, and says what went wrong.
 *
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T | undefined>}
 */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    say(error.message, true);
    return undefined;
  }
}
