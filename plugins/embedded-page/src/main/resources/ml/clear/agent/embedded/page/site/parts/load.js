// SPDX-License-Identifier: Apache-2.0
/** The load of workers, from their last reports. */
import {call} from '../core/api.js';
import {bytes} from '../core/format.js';

const SECONDS = 180;
const MIB = 1 << 20;

/** @param {any} stats one worker's answer @returns {Map<string, number>} the newest value by metric */
function newest(stats) {
  return new Map((stats.metrics ?? []).map(({metric, stats: [{values} = {values: []}] = []}) => [metric, values?.at(-1)]));
}

/**
 * @param {string[]} ids
 * @returns {Promise<Map<string, {title: string, text: string, share: number}[]>>} rows by worker, without those it does not report
 */
export async function loads(ids) {
  const now = Math.floor(Date.now() / 1000);
  const metrics = ['cpu_usage', 'memory_used', 'memory_free', 'gpu_usage', 'gpu_memory_used', 'gpu_memory_free'];
  const {workers} = await call('workers.get_stats', {
    worker_ids: ids,
    from_date: now - SECONDS,
    to_date: now,
    interval: SECONDS,
    items: metrics.map(key => ({key, aggregation: 'avg'})),
  });
  return new Map(workers.map(stats => {
    const value = newest(stats);
    const percent = (title, name) => value.get(name) === undefined ? []
        : [{title, text: `${Math.round(value.get(name))} %`, share: value.get(name) / 100}];
    const memory = (title, used, free) => value.get(used) === undefined ? []
        : [{title, text: bytes(value.get(used) * MIB), share: value.get(used) / (value.get(used) + (value.get(free) ?? 0))}];
    return [stats.worker, [
      ...percent('CPU', 'cpu_usage'),
      ...memory('Memory', 'memory_used', 'memory_free'),
      ...percent('GPU', 'gpu_usage'),
      ...memory('GPU memory', 'gpu_memory_used', 'gpu_memory_free'),
    ]];
  }));
}
