// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {moment} from '../core/format.js';
import {taskPath} from '../core/router.js';

/** Everything else about a task. */
export class Info {
  render(task) {
    const facts = [
      ['Id', html`<code>${task.id}</code>`],
      ['Type', task.type],
      ['Created', moment(task.created)],
      ['Started', moment(task.started)],
      ['Ended', moment(task.completed)],
      ['Updated', moment(task.last_update)],
      ['Status since', moment(task.status_changed)],
      ['Reason', task.status_reason],
      ['Message', task.status_message],
      ['Parent', task.parent ? html`<a href=${taskPath('*', task.parent, 'info')}><code>${task.parent}</code></a>` : ''],
      ['Output goes to', task.output?.destination],
      ['Container', task.container?.image],
      ['Comment', task.comment],
    ].filter(([, value]) => value);
    const runtime = Object.entries(task.runtime ?? {}).filter(([name]) => !name.startsWith('_')).sort();
    return html`<section class="card"><h2>Task</h2>
        <dl class="facts">${facts.map(([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>`)}</dl></section>
      ${runtime.length ? html`<section class="card"><h2>Machine and runtime</h2>
        <dl class="facts">${runtime.map(([title, value]) => html`<dt>${title}</dt><dd>${String(value)}</dd>`)}</dl></section>` : ''}`;
  }
}
