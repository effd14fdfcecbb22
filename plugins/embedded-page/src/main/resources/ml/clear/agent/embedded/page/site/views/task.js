// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {ACTIONS, attempt, clone, editTags, share} from '../core/actions.js';
import {call} from '../core/api.js';
import {redraw} from '../core/draw.js';
import {Poll} from '../core/poll.js';
import {go, TABS, taskPath, tasksPath} from '../core/router.js';
import {active} from '../core/status.js';
import {Artifacts} from '../task/artifacts.js';
import {Code} from '../task/code.js';
import {Configuration} from '../task/configuration.js';
import {ConsoleTab} from '../task/console-tab.js';
import {Images} from '../task/images.js';
import {Info} from '../task/info.js';
import {Parameters} from '../task/parameters.js';
import {Plots} from '../task/plots.js';
import {Scalars} from '../task/scalars.js';
import {header} from '../task/header.js';
import {Phases} from '../task/phases.js';

const PARTS = {
  console: ConsoleTab,
  scalars: Scalars,
  plots: Plots,
  images: Images,
  parameters: Parameters,
  configuration: Configuration,
  artifacts: Artifacts,
  code: Code,
  info: Info,
};

/** One task: its state, and in tabs what it has reported. */
export class Task {
  #id;
  #tab;
  #task;
  #projectName = '';
  #problem = '';
  #scrolledTo = '';
  /** @type {any} */
  #part;
  #phases;
  #poll = new Poll(() => this.#load(), () => active(this.#task?.status) ? 1500 : 5000);

  constructor(route) {
    this.#id = route.task;
    this.#phases = new Phases(this.#id);
    this.#open(route.tab);
  }

  title() {
    return `${this.#task?.name ?? 'Task'} · ClearML`;
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
    this.#part.stop?.();
  }

  change(route) {
    if (route.tab !== this.#tab) {
      this.#open(route.tab);
    }
  }

  #open(tab) {
    this.#part?.stop?.();
    this.#tab = tab;
    this.#part = new PARTS[tab](this.#id, () => this.#task);
    this.#part.start?.();
  }

  /** On a narrow screen the tab that is shown may be beyond the edge. */
  drawn() {
    const link = document.querySelector('.tabs [aria-current="page"]');
    if (link && this.#tab !== this.#scrolledTo) {
      this.#scrolledTo = this.#tab;
      link.scrollIntoView({block: 'nearest', inline: 'center'});
    }
  }

  async #load() {
    try {
      const {task} = await call('tasks.get_by_id', {task: this.#id});
      if (task.project !== this.#task?.project && task.project) {
        this.#projectName = (await call('projects.get_by_id', {project: task.project})).project.name;
      }
      this.#task = task;
      this.#problem = '';
      await this.#phases.look(task);
    } catch (error) {
      this.#problem = error.message;
    }
    redraw();
  }

  async #act(action) {
    if (!(await attempt(() => action.run([this.#task])))) {
      return;
    }
    if (action.id === 'delete') {
      go(tasksPath(this.#task.project));
    } else {
      this.#poll.now();
    }
  }

  async #clone() {
    const made = await attempt(() => clone(this.#task));
    if (made) {
      go(taskPath(this.#task.project, made, 'parameters'));
    }
  }

  #buttons() {
    const task = this.#task;
    return html`<div class="buttons" role="toolbar" aria-label="Actions">
      ${ACTIONS.filter(action => action.fits(task)).map(action => html`<button
        class=${action.id === 'enqueue' ? 'primary' : ''} @click=${() => this.#act(action)}>${action.title}</button>`)}
      <button @click=${() => this.#clone()}>Clone</button>
      <button @click=${() => attempt(() => editTags('task', task)).then(done => done && this.#poll.now())}>Tags</button>
      <button @click=${() => attempt(share)}>Copy link</button>
    </div>`;
  }

  render() {
    if (!this.#task) {
      return this.#problem ? html`<div class="empty"><p>${this.#problem}</p><a href=${tasksPath()}>All tasks</a></div>` : '';
    }
    const task = this.#task;
    return html`<article class="task">
      ${header(task, this.#projectName, this.#phases, this.#buttons())}
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
      <nav class="tabs" aria-label="Parts of the task">${TABS.map(tab => html`<a
        href=${taskPath(task.project, task.id, tab.id)} aria-current=${tab.id === this.#tab ? 'page' : 'false'}>${tab.title}</a>`)}</nav>
      <section class="tab tab-${this.#tab}" aria-label=${TABS.find(tab => tab.id === this.#tab).title}>${this.#part.render(task)}</section>
    </article>`;
  }
}
