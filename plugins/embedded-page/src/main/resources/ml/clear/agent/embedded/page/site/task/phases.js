// SPDX-License-Identifier: Apache-2.0
/**
 * The phases of a task, each with its time: waiting, then what the agent writes to the beginning of the console, such as
 * `environment   1.75 s   29 packages, cached`, then the script.
 */
import {html} from '../library/lit-html/lit-html.js';
import {call} from '../core/api.js';
import {between, duration} from '../core/format.js';
import {active} from '../core/status.js';
import {plain} from '../parts/terminal.js';

const LINE = /^(code|environment)\s+(?:(\d+(?:\.\d+)?) s|(\d+) min (\d+) s)(?:\s+(.*))?$/;

export class Phases {
  #task;
  /** @type {{name: string, seconds: number, note: string}[]} */
  #prepared = [];
  #done = '';

  /** @param {string} task */
  constructor(task) {
    this.#task = task;
  }

  /** Reads the agent's lines of a run, as long as they may come. */
  async look(task) {
    const run = `${task.started}`;
    if (!task.started || this.#done === run || !task.last_worker) {
      return;
    }
    const {events} = await call('events.get_task_log', {task: this.#task, batch_size: 60, navigate_earlier: false});
    this.#prepared = events.flatMap(event => event.msg.split('\n')).map(text => LINE.exec(plain(text).trim())).filter(Boolean).map(
        ([, name, seconds, minutes, rest, note]) => ({
          name,
          seconds: seconds ? Number(seconds) : Number(minutes) * 60 + Number(rest),
          note: note ?? '',
        }));
    if (this.#prepared.some(phase => phase.name === 'environment') || !active(task.status)) {
      this.#done = run;
    }
  }

  /** @param {any} task */
  #all(task) {
    if (!task.started) {
      return [];
    }
    const total = task.status === 'in_progress' ? between(task.started) : between(task.started, task.completed ?? task.last_update);
    const prepared = this.#prepared.reduce((sum, phase) => sum + phase.seconds, 0);
    return [...this.#prepared, {name: 'script', seconds: Math.max(0, total - prepared), note: ''}];
  }

  /** @param {any} task */
  render(task) {
    const phases = this.#all(task);
    if (phases.length < 2) {
      return '';
    }
    return html`<ol class="phases" aria-label="Phases">${phases.map(phase => html`<li class="phase-${phase.name}"
      .style=${`flex-grow: ${Math.max(phase.seconds, 0.001)}`} title=${phase.note}>
      <span>${phase.name}</span> <b>${duration(phase.seconds)}</b></li>`)}</ol>`;
  }
}
