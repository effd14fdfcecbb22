// SPDX-License-Identifier: Apache-2.0
/** The columns of the table of tasks. */
import {html} from '../library/lit-html/lit-html.js';
import {badge} from './status.js';
import {ago, duration, moment, number} from './format.js';
import {taskPath} from './router.js';

/**
 * @typedef {object} Column
 * @property {string} id
 * @property {string} title
 * @property {string[]} fields what it needs of a task
 * @property {string} [order] the field that orders by it
 * @property {boolean} [right] whether it holds numbers
 * @property {(task: any) => unknown} cell
 */

/** @param {string} id @param {string} title @param {(value: any, task: any) => unknown} cell @param {object} [more] @returns {Column} */
function plain(id, title, cell, more = {}) {
  return {id, title, fields: [id], order: id, cell: task => cell(task[id], task), ...more};
}

const time = value => html`<span title=${moment(value)}>${ago(value)}</span>`;

/** @type {Column[]} */
export const BASIC = [
  {id: 'status', title: 'Status', fields: ['status', 'status_message'], order: 'status', cell: badge},
  plain('name', 'Name', (value, task) => html`<a href=${taskPath(task.project?.id, task.id)}>${value}</a>`),
  {id: 'project', title: 'Project', fields: ['project.name'], cell: task => task.project?.name ?? ''},
  plain('type', 'Type', value => value?.replaceAll('_', ' ')),
  plain('tags', 'Tags', value => value?.map(tag => html`<span class="tag">${tag}</span>`)),
  plain('last_iteration', 'Iteration', value => number(value || undefined), {right: true}),
  plain('active_duration', 'Duration', duration, {right: true}),
  plain('started', 'Started', time),
  plain('last_update', 'Updated', time),
  plain('created', 'Created', time),
  plain('last_worker', 'Worker', value => value),
  plain('comment', 'Comment', value => value),
];

/** What is shown when nothing else was chosen. */
export const USUAL = ['status', 'name', 'project', 'tags', 'last_iteration', 'active_duration', 'last_update'];

/** @param {{metric: string, metric_hash: string, variant: string, variant_hash: string}} metric @returns {Column} */
export function metricColumn(metric) {
  const field = `last_metrics.${metric.metric_hash}.${metric.variant_hash}.value`;
  return {
    id: `m.${metric.metric_hash}.${metric.variant_hash}`,
    title: `${metric.metric} / ${metric.variant}`,
    fields: [field],
    order: field,
    right: true,
    cell: task => number(task.last_metrics?.[metric.metric_hash]?.[metric.variant_hash]?.value),
  };
}

/** @param {{section: string, name: string}} parameter @returns {Column} */
export function parameterColumn({section, name}) {
  const field = `hyperparams.${section}.${name}.value`;
  return {
    id: `p.${section}.${name}`,
    title: `${section} / ${name}`,
    fields: [field],
    order: field,
    cell: task => task.hyperparams?.[section]?.[name]?.value ?? '',
  };
}
