// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {attempt} from '../core/actions.js';
import {call} from '../core/api.js';
import {redraw} from '../core/draw.js';
import {ago, duration, moment} from '../core/format.js';
import {Poll} from '../core/poll.js';
import {taskPath} from '../core/router.js';
import {ask} from '../parts/dialog.js';
import {lengths, loads, spark} from '../parts/load.js';

/** The queues with what waits in them, and the workers with what they do. */
export class Workers {
  #queues = [];
  #workers = [];
  #waiting = new Map();
  #loads = new Map();
  #lengths = new Map();
  #problem = '';
  #loaded = false;
  #poll = new Poll(() => this.#load(), 3000);

  title() {
    return 'Workers and queues · ClearML';
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
  }

  async #load() {
    try {
      const [{queues}, {workers}] = await Promise.all([
        call('queues.get_all', {order_by: ['name']}),
        call('workers.get_all', {last_seen: 600}),
      ]);
      this.#queues = queues;
      this.#workers = workers;
      const ids = queues.flatMap(queue => queue.entries?.slice(0, 20).map(entry => entry.task) ?? []);
      const {tasks} = ids.length ? await call('tasks.get_all_ex', {id: ids, only_fields: ['id', 'name', 'project.id']}) : {tasks: []};
      this.#waiting = new Map(tasks.map(task => [task.id, task]));
      this.#loads = workers.length ? await loads(workers.map(worker => worker.id)) : new Map();
      this.#lengths = queues.length ? await lengths(queues.map(queue => queue.id)) : new Map();
      this.#problem = '';
    } catch (error) {
      this.#problem = error.message;
    }
    this.#loaded = true;
    redraw();
  }

  async #newQueue() {
    const answer = await ask({
      title: 'New queue',
      content: html`<label>Name <input name="name" required minlength="3" autocomplete="off"></label>`,
      confirm: 'Create',
    });
    if (answer && (await attempt(() => call('queues.create', {name: answer.get('name')})))) {
      this.#poll.now();
    }
  }

  async #move(queue, task, call_) {
    await attempt(() => call(call_, {queue, task}));
    this.#poll.now();
  }

  render() {
    return html`<div class="workers-view">
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
      <section><div class="heading"><h1>Workers</h1></div>${this.#loaded && !this.#workers.length
        ? html`<div class="empty"><p>No worker is running.</p><p>Start one: <code>clearml-agent daemon --queue default</code></p></div>`
        : html`<div class="cards">${this.#workers.map(worker => this.#worker(worker))}</div>`}</section>
      <section><div class="heading"><h1>Queues</h1><button @click=${() => this.#newQueue()}>New queue</button></div>
        <div class="cards">${this.#queues.map(queue => this.#queue(queue))}</div></section>
    </div>`;
  }

  #worker(worker) {
    const task = worker.task;
    const load = this.#loads.get(worker.id) ?? [];
    return html`<article class="card worker">
      <h2>${worker.id}</h2>
      <p class="state"><span class="status" data-status=${task ? 'in_progress' : 'created'}>${task ? 'Busy' : 'Idle'}</span>
        <span class="muted" title=${moment(worker.last_activity_time)}>seen ${ago(worker.last_activity_time)}</span></p>
      ${task ? html`<p><a href=${taskPath(worker.project?.id, task.id)}>${task.name}</a>
        <span class="muted">${duration((task.running_time ?? 0) / 1000)}</span></p>` : ''}
      ${load.map(({title, text, share, history}) => html`<div class="meter-row"><span>${title}</span>
        <meter min="0" max="1" value=${share} aria-label=${title}></meter>
        ${spark(history, 1, `${title} in the last hour`)}<b>${text}</b></div>`)}
      <p class="muted">${worker.queues?.map(queue => queue.name ?? queue.id).join(', ')}</p>
    </article>`;
  }

  #length(queue) {
    const values = this.#lengths.get(queue.id) ?? [];
    const most = Math.max(0, ...values);
    return most ? html`<div class="length-row">${spark(values, most, `Waiting in ${queue.name} in the last hour`)}
      <span class="muted">at most ${Math.round(most)} in the last hour</span></div>` : '';
  }

  #queue(queue) {
    const entries = queue.entries ?? [];
    const served = this.#workers.filter(worker => worker.queues?.some(each => each.id === queue.id)).length;
    return html`<article class="card queue">
      <h2>${queue.name}</h2>
      <p class="muted">${entries.length} waiting · ${served ? `${served} worker${served > 1 ? 's' : ''}` : 'no worker'}</p>
      ${this.#length(queue)}
      <ol class="waiting">${entries.slice(0, 20).map((entry, i) => {
        const task = this.#waiting.get(entry.task);
        return html`<li><a href=${taskPath(task?.project?.id, entry.task)}>${task?.name ?? entry.task}</a>
          <span class="muted">${ago(entry.added)}</span>
          ${i > 0 ? html`<button class="quiet" aria-label=${`Move ${task?.name ?? entry.task} to the front`}
            @click=${() => this.#move(queue.id, entry.task, 'queues.move_task_to_front')}>↑</button>` : ''}
          <button class="quiet" aria-label=${`Take ${task?.name ?? entry.task} from the queue`}
            @click=${() => attempt(() => call('tasks.dequeue', {task: entry.task})).then(() => this.#poll.now())}>✕</button></li>`;
      })}</ol>
    </article>`;
  }
}
