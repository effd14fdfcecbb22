// SPDX-License-Identifier: Apache-2.0
/** The load of workers and queues over the last hour. */
import {html, svg} from '../library/lit-html/lit-html.js';
import {call} from '../core/api.js';
import {bytes} from '../core/format.js';

const HOUR = 3600;
const MINUTE = 60;
const RECENT = 3;
const MIB = 1 << 20;
const METRICS = ['cpu_usage', 'memory_used', 'memory_free', 'gpu_usage', 'gpu_memory_used', 'gpu_memory_free'];

function lastHour() {
  const now = Math.floor(Date.now() / 1000);
  // The server leaves out the minute that is not over; one that is to come makes it show.
  return {from_date: now - HOUR, to_date: now + MINUTE, interval: MINUTE};
}

/** @param {number[]} values by minute, 0 where nothing was reported @returns {number} the newest one */
function newest(values) {
  return values.slice(-RECENT).findLast(value => value > 0) ?? 0;
}

/**
 * @typedef {object} Load
 * @property {string} title
 * @property {string} text the newest value
 * @property {number} share from 0 to 1
 * @property {number[]} history shares by minute
 */

/**
 * @param {string[]} ids
 * @returns {Promise<Map<string, Load[]>>} by worker, without what it does not report
 */
export async function loads(ids) {
  const {workers} = await call('workers.get_stats',
      {...lastHour(), worker_ids: ids, items: METRICS.map(key => ({key, category: 'avg'}))});
  return new Map(workers.map(({worker, metrics}) => {
    const values = new Map(metrics.map(({metric, stats}) => [metric, stats[0]?.values ?? []]));
    return [worker, [
      ...percent('CPU', values.get('cpu_usage')),
      ...memory('Memory', values.get('memory_used'), values.get('memory_free')),
      ...percent('GPU', values.get('gpu_usage')),
      ...memory('GPU memory', values.get('gpu_memory_used'), values.get('gpu_memory_free')),
    ]];
  }));
}

/** @param {string} title @param {number[] | undefined} values @returns {Load[]} */
function percent(title, values) {
  return values ? [{
    title,
    text: `${Math.round(newest(values))} %`,
    share: newest(values) / 100,
    history: values.map(value => value / 100),
  }] : [];
}

/** @param {string} title @param {number[] | undefined} used megabytes @param {number[]} [free] @returns {Load[]} */
function memory(title, used, free = []) {
  const share = (value, i) => value > 0 ? value / (value + (free[i] ?? 0)) : 0;
  return used ? [{
    title,
    text: bytes(newest(used) * MIB),
    share: newest(used.map(share)),
    history: used.map(share),
  }] : [];
}

/**
 * @param {string[]} ids
 * @returns {Promise<Map<string, number[]>>} how many tasks waited in each queue, by minute
 */
export async function lengths(ids) {
  const {queues} = await call('queues.get_queue_metrics', {...lastHour(), queue_ids: ids});
  return new Map(queues.map(({queue, queue_lengths: values}) => [queue, values ?? []]));
}

/**
 * A curve without axes.
 *
 * @param {number[]} values
 * @param {number} most the upper end
 * @param {string} title
 */
export function spark(values, most, title) {
  const step = 100 / Math.max(1, values.length - 1);
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${(23 - 22 * Math.min(1, value / (most || 1))).toFixed(1)}`);
  return html`<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label=${title}>${
    points.length > 1 ? svg`<polyline points=${points.join(' ')}></polyline>` : ''}</svg>`;
}
