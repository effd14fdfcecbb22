// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {ago, between, duration, moment, number} from '../core/format.js';
import {tasksPath} from '../core/router.js';
import {badge} from '../core/status.js';

/** @param {string} title @param {unknown} value */
function fact(title, value) {
  return value === undefined || value === '' ? '' : html`<div><dt>${title}</dt><dd>${value}</dd></div>`;
}

/** @param {any} task seconds that it has run, or ran */
function ran(task) {
  return task.status === 'in_progress' ? between(task.started) : between(task.started, task.completed ?? task.last_update);
}

/**
 * The top of a task: what it is, how it does, what can be done with it.
 *
 * @param {any} task
 * @param {string} project its name
 * @param {import('./phases.js').Phases} phases
 * @param {unknown} buttons
 */
export function header(task, project, phases, buttons) {
  const reason = [task.status_reason, task.status_message].filter(text => text && text !== task.status);
  return html`<header class="task-head">
    <p class="trail"><a href=${tasksPath()}>Tasks</a><span aria-hidden="true">/</span>${
      project ? html`<a href=${tasksPath(task.project)}>${project}</a>` : 'no project'}</p>
    <div class="title-row"><h1>${task.name}</h1>${buttons}</div>
    <p class="state">${badge(task)}<span class="reason">${[...new Set(reason)].join(' · ')}</span>
      ${task.tags?.map(tag => html`<span class="tag">${tag}</span>`)}</p>
    <dl class="head-facts">
      ${fact('Iteration', task.last_iteration ? number(task.last_iteration) : undefined)}
      ${fact('Ran', task.started ? duration(ran(task)) : undefined)}
      ${fact('Started', task.started ? html`<span title=${moment(task.started)}>${ago(task.started)}</span>` : undefined)}
      ${fact('Worker', task.last_worker)}
    </dl>
    ${phases.render(task)}
  </header>`;
}
