// SPDX-License-Identifier: Apache-2.0
/** The numbers of curves: loading, smoothing, axes. */
import {call} from './api.js';

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {string} task
 * @property {number[]} x
 * @property {number[]} y
 */

/** Most points of a curve that is shown among others. */
const SAMPLES = 2000;

/**
 * @param {string[]} tasks
 * @param {'iter' | 'timestamp'} axis
 * @param {(task: string, variant: string) => string} name
 * @returns {Promise<Map<string, Curve[]>>} the curves by metric
 */
export async function load(tasks, axis, name) {
  const found = await call('events.multi_task_scalar_metrics_iter_histogram', {tasks, key: axis, samples: SAMPLES});
  const metrics = new Map();
  for (const [metric, variants] of Object.entries(found)) {
    metrics.set(metric, Object.entries(variants).flatMap(([variant, byTask]) => Object.entries(byTask).map(
        ([task, {x, y}]) => ({name: name(task, variant), task, x, y}))));
  }
  return metrics;
}

/**
 * Every point of a metric.
 *
 * @param {string[]} tasks
 * @param {string} metric
 * @param {'iter' | 'timestamp'} axis
 * @param {(task: string, variant: string) => string} name
 * @returns {Promise<Curve[]>}
 */
export async function loadAll(tasks, metric, axis, name) {
  const curves = new Map();
  for (const task of tasks) {
    let scroll;
    for (let more = true; more;) {
      const answer = await call('events.scalar_metrics_iter_raw',
          {task, metric: {metric}, key: axis, batch_size: 50000, ...(scroll ? {scroll_id: scroll} : {})});
      for (const [variant, points] of Object.entries(answer.variants)) {
        const key = `${task} ${variant}`;
        const curve = curves.get(key) ?? {name: name(task, variant), task, x: [], y: []};
        curve.x.push(...points[axis] ?? points.x);
        curve.y.push(...points.y);
        curves.set(key, curve);
      }
      scroll = answer.scroll_id;
      more = answer.returned > 0;
    }
  }
  return [...curves.values()];
}

/**
 * The exponential moving average, corrected for its beginning.
 *
 * @param {number[]} values
 * @param {number} weight from 0 to below 1
 */
export function smoothed(values, weight) {
  let mean = 0;
  let correction = 1;
  return values.map(value => {
    if (!Number.isFinite(value)) {
      return value;
    }
    mean = mean * weight + value * (1 - weight);
    correction *= weight;
    return mean / (1 - correction);
  });
}

/**
 * Time from the first point of each task, in seconds.
 *
 * @param {Curve[]} curves with times in milliseconds
 * @param {Map<string, number>} begins by task, milliseconds
 * @returns {Curve[]}
 */
export function relative(curves, begins) {
  return curves.map(curve => {
    const begin = begins.get(curve.task) ?? curve.x[0];
    return {...curve, x: curve.x.map(time => (time - begin) / 1000)};
  });
}

/** @param {Iterable<Curve[]>} metrics with times @returns {Map<string, number>} the first time of each task */
export function beginnings(metrics) {
  const begins = new Map();
  for (const curve of [...metrics].flat()) {
    begins.set(curve.task, Math.min(begins.get(curve.task) ?? Infinity, curve.x[0]));
  }
  return begins;
}
