// SPDX-License-Identifier: Apache-2.0
/** The statuses of tasks. */
import {html} from '../library/lit-html/lit-html.js';

/** Every status with its title; the colours are in the style sheet. */
export const STATUSES = {
  created: 'Draft',
  queued: 'Queued',
  in_progress: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  stopped: 'Aborted',
  published: 'Published',
  publishing: 'Publishing',
  closed: 'Closed',
  unknown: 'Unknown',
};

/** @param {string} status */
export function active(status) {
  return status === 'queued' || status === 'in_progress';
}

/** @param {{status?: string, status_message?: string}} task */
export function badge(task) {
  const stopping = task.status === 'in_progress' && task.status_message?.includes('stopping');
  return html`<span class="status" data-status=${task.status ?? 'unknown'}>${
    stopping ? 'Stopping' : STATUSES[task.status] ?? task.status}</span>`;
}
