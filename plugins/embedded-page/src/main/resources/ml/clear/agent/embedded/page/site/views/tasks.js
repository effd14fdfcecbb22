// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {repeat} from '../library/lit-html/directives/repeat.js';
import {live} from '../library/lit-html/directives/live.js';
import {ACTIONS, attempt} from '../core/actions.js';
import {call} from '../core/api.js';
import {BASIC, metricColumn, parameterColumn, USUAL} from '../core/columns.js';
import {redraw} from '../core/draw.js';
import {literal} from '../core/format.js';
import {ListQuery} from '../core/list-query.js';
import {Poll} from '../core/poll.js';
import {projects} from '../core/projects.js';
import {comparePath, go, tasksPath} from '../core/router.js';
import {STATUSES} from '../core/status.js';
import {chooseColumns} from '../parts/column-choice.js';
import {menu} from '../parts/menu.js';
import {projectField, projectTree} from '../parts/project-choice.js';

const ALL = 'All tasks';
const PAGE = 100;
const MOST = 500;
const ALWAYS = ['id', 'name', 'status', 'status_message', 'project.id', 'tags', 'system_tags'];

/** The table of the tasks of a project, or of all. What it shows is in the address. */
export class Tasks {
  #route;
  #projects = [];
  #tasks = [];
  #loaded = false;
  #count = PAGE;
  #more = false;
  #problem = '';
  /** @type {Map<string, any>} the selected tasks by their ids */
  #selected = new Map();
  #known = new Map(BASIC.map(column => [column.id, column]));
  #types = [];
  #tags = [];
  #query = new ListQuery(query => tasksPath(this.#route.project, query));
  #poll = new Poll(() => this.#load(), 2000);

  constructor(route) {
    this.#route = route;
  }

  title() {
    return `${this.#name()} · ClearML`;
  }

  async start() {
    this.#poll.start();
    await attempt(async () => {
      this.#projects = await projects();
      await this.#learn();
    });
    redraw();
    this.#poll.now();
  }

  stop() {
    this.#poll.stop();
  }

  change(route) {
    const other = route.project !== this.#route.project;
    this.#route = route;
    if (other) {
      this.#tasks = [];
      this.#loaded = false;
      this.#count = PAGE;
      this.#selected.clear();
      attempt(() => this.#learn()).then(redraw);
    }
    this.#poll.now();
  }

  #name() {
    return this.#projects.find(project => project.id === this.#route.project)?.name ?? ALL;
  }

  // ---- what is shown

  #columns() {
    const chosen = this.#route.query.get('columns')?.split(',') ?? JSON.parse(localStorage.getItem('columns') ?? 'null') ?? USUAL;
    return chosen.map(id => this.#known.get(id)).filter(Boolean)
        .filter(column => column.id !== 'project' || this.#route.project === '*' || this.#hasChildren());
  }

  #hasChildren() {
    const name = this.#name();
    return this.#projects.some(project => project.name.startsWith(name + '/'));
  }

  /** Reads what the tasks of the project can be filtered by, and the columns that they can have. */
  async #learn() {
    const project = this.#route.project;
    const here = project === '*' ? {} : {projects: [project]};
    const [{types}, {tags}, {metrics}] = await Promise.all([
      call('tasks.get_types', here),
      call('projects.get_task_tags', here),
      call('projects.get_unique_metric_variants', project === '*' ? {} : {project}),
    ]);
    this.#types = types.sort();
    this.#tags = tags.sort();
    metrics.map(metricColumn).forEach(column => this.#known.set(column.id, column));
    for (const each of project === '*' ? this.#projects.slice(0, 20).map(one => one.id) : [project]) {
      const {parameters} = await call('projects.get_hyper_parameters', {project: each, page_size: 500});
      parameters.map(parameterColumn).forEach(column => this.#known.set(column.id, column));
    }
  }

  #request() {
    const query = this.#route.query;
    const search = query.get('search');
    const order = query.get('order') ?? '-last_update';
    const status = query.getAll('status');
    const tags = query.getAll('tag');
    const type = query.getAll('type');
    return {
      ...(this.#route.project === '*' ? {} : {project: [this.#route.project], include_subprojects: true}),
      ...(search ? {_any_: {fields: ['name', 'id', 'comment'], pattern: literal(search)}} : {}),
      ...(status.length ? {status} : {}),
      ...(tags.length ? {tags: ['__$all', ...tags]} : {}),
      ...(type.length ? {type} : {}),
      system_tags: query.has('archived') ? ['archived'] : ['__$not', 'archived'],
      order_by: [order],
      page: 0,
      page_size: this.#count,
      only_fields: [...new Set([...ALWAYS, ...this.#columns().flatMap(column => column.fields)])],
    };
  }

  async #load() {
    try {
      const request = this.#request();
      const {tasks} = await call('tasks.get_all_ex', request);
      this.#tasks = tasks;
      this.#more = tasks.length >= request.page_size && request.page_size < MOST;
      this.#problem = '';
      tasks.filter(task => this.#selected.has(task.id)).forEach(task => this.#selected.set(task.id, task));
    } catch (error) {
      this.#problem = error.message;
    }
    this.#loaded = true;
    redraw();
  }

  // ---- what changes it

  #orderBy(column) {
    this.#query.edit(query => query.set('order', query.get('order') === '-' + column.order ? column.order : '-' + column.order));
  }

  async #chooseColumns() {
    const chosen = await chooseColumns([...this.#known.values()], this.#columns().map(column => column.id));
    if (chosen) {
      localStorage.setItem('columns', JSON.stringify(chosen));
      this.#query.edit(query => query.delete('columns'));
      this.#poll.now();
      redraw();
    }
  }

  #select(task, on) {
    if (on) {
      this.#selected.set(task.id, task);
    } else {
      this.#selected.delete(task.id);
    }
    redraw();
  }

  async #act(action) {
    const fitting = [...this.#selected.values()].filter(action.fits);
    if (await attempt(() => action.run(fitting))) {
      this.#selected.clear();
      this.#poll.now();
    }
  }

  // ---- how it looks

  render() {
    return html`<div class="split">
      ${projectTree(this.#projects, this.#route.project, ALL, tasksPath)}
      <div class="tasks">
        <div class="heading"><h1>${this.#name()}</h1>
          ${projectField(this.#projects, this.#route.project, ALL, tasksPath)}</div>
        ${this.#selected.size ? this.#actions() : this.#filters()}
        ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
        ${this.#table()}
      </div>
    </div>`;
  }

  #filters() {
    const query = this.#route.query;
    const choice = (title, name, options) => menu(title, options, query.getAll(name), (word, on) => this.#query.filter(name, word, on));
    return html`<div class="bar" role="search">
      <input type="search" class="search" placeholder="Search names, ids, comments" aria-label="Search tasks"
        .value=${live(query.get('search') ?? '')} @input=${event => this.#query.search(event.target.value)}>
      ${choice('Status', 'status', Object.entries(STATUSES).filter(([word]) => !['publishing', 'closed', 'unknown'].includes(word)))}
      ${choice('Type', 'type', this.#types.map(word => [word, word.replaceAll('_', ' ')]))}
      ${choice('Tags', 'tag', this.#tags.map(word => [word, word]))}
      <label class="check"><input type="checkbox" .checked=${live(query.has('archived'))}
        @change=${event => this.#query.edit(edited => event.target.checked ? edited.set('archived', '1') : edited.delete('archived'))}> Archived</label>
      <span class="space"></span>
      <button @click=${() => this.#chooseColumns()}>Columns</button>
    </div>`;
  }

  #actions() {
    const tasks = [...this.#selected.values()];
    return html`<div class="bar" role="toolbar" aria-label="Selected tasks">
      <span class="count">${tasks.length} selected</span>
      <button class="primary" ?disabled=${tasks.length < 2 || tasks.length > 10}
        title="Two to ten tasks" @click=${() => go(comparePath([...this.#selected.keys()]))}>Compare</button>
      ${ACTIONS.filter(action => tasks.some(action.fits)).map(
          action => html`<button @click=${() => this.#act(action)}>${action.title}</button>`)}
      <span class="space"></span>
      <button class="quiet" @click=${() => { this.#selected.clear(); redraw(); }}>Clear</button>
    </div>`;
  }

  #table() {
    const columns = this.#columns();
    const order = this.#route.query.get('order') ?? '-last_update';
    if (this.#loaded && !this.#tasks.length && !this.#problem) {
      return html`<div class="empty"><p>${this.#route.query.size ? 'No task matches.' : 'No tasks yet.'}</p>
        ${this.#route.query.size ? '' : html`<p>Run one: <code>clearml-agent run train.py</code></p>`}</div>`;
    }
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Tasks"><table class="list">
      <thead><tr>
        <th class="pick"><span class="hidden">Selection</span></th>
        ${columns.map(column => this.#head(column, order))}
      </tr></thead>
      <tbody>${repeat(this.#tasks, task => task.id, task => html`<tr aria-selected=${this.#selected.has(task.id)}>
        <td class="pick"><input type="checkbox" aria-label=${`Select ${task.name}`} .checked=${live(this.#selected.has(task.id))}
          @change=${event => this.#select(task, event.target.checked)}></td>
        ${columns.map(column => html`<td data-column=${column.id} class=${column.right ? 'right' : ''}>${column.cell(task)}</td>`)}
      </tr>`)}</tbody>
    </table></div>
    ${this.#more ? html`<button class="more" @click=${() => { this.#count += PAGE; this.#poll.now(); }}>Show more</button>` : ''}`;
  }

  #head(column, order) {
    const down = order === '-' + column.order;
    const ordered = down || order === column.order;
    return html`<th data-column=${column.id} class=${column.right ? 'right' : ''}
        aria-sort=${ordered ? (down ? 'descending' : 'ascending') : 'none'}>${
      column.order ? html`<button class="order" @click=${() => this.#orderBy(column)}>${column.title}<span
        class="arrow" aria-hidden="true">${ordered ? (down ? '↓' : '↑') : ''}</span></button>` : column.title}</th>`;
  }
}
