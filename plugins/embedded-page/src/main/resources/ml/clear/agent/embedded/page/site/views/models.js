// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {live} from '../library/lit-html/directives/live.js';
import {repeat} from '../library/lit-html/directives/repeat.js';
import {attempt} from '../core/actions.js';
import {call} from '../core/api.js';
import {redraw} from '../core/draw.js';
import {ago, literal, moment} from '../core/format.js';
import {ListQuery} from '../core/list-query.js';
import {Poll} from '../core/poll.js';
import {projects} from '../core/projects.js';
import {modelPath, modelsPath, taskPath} from '../core/router.js';
import {menu} from '../parts/menu.js';
import {projectField, projectTree} from '../parts/project-choice.js';

const ALL = 'All models';
const PAGE = 100;
const MOST = 500;
const FIELDS = ['id', 'name', 'framework', 'ready', 'tags', 'last_update', 'project.id', 'project.name', 'task.id', 'task.name'];
const COLUMNS = [
  {title: 'Name', order: 'name'},
  {title: 'Framework', order: 'framework'},
  {title: 'Project'},
  {title: 'Task'},
  {title: 'Tags'},
  {title: 'Updated', order: 'last_update'},
];

/** The table of the models of a project, or of all. What it shows is in the address. */
export class Models {
  #route;
  #projects = [];
  #models = [];
  #tags = [];
  #frameworks = [];
  #loaded = false;
  #count = PAGE;
  #more = false;
  #problem = '';
  #query = new ListQuery(query => modelsPath(this.#route.project, query));
  #poll = new Poll(() => this.#load(), 5000);

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
  }

  stop() {
    this.#poll.stop();
  }

  change(route) {
    if (route.project !== this.#route.project) {
      this.#models = [];
      this.#loaded = false;
      this.#count = PAGE;
      attempt(() => this.#learn()).then(redraw);
    }
    this.#route = route;
    this.#poll.now();
  }

  #name() {
    const project = this.#projects.find(each => each.id === this.#route.project);
    return project ? `Models of ${project.name}` : ALL;
  }

  /** Reads what models can be filtered by. */
  async #learn() {
    const here = this.#route.project === '*' ? {} : {projects: [this.#route.project]};
    const [{tags}, {frameworks}] = await Promise.all([call('projects.get_model_tags', here), call('models.get_frameworks', here)]);
    this.#tags = tags.sort();
    this.#frameworks = frameworks.filter(Boolean).sort();
  }

  get #order() {
    return this.#route.query.get('order') ?? '-last_update';
  }

  async #load() {
    const query = this.#route.query;
    const search = query.get('search');
    const tags = query.getAll('tag');
    const framework = query.getAll('framework');
    try {
      const {models} = await call('models.get_all_ex', {
        ...(this.#route.project === '*' ? {} : {project: [this.#route.project], include_subprojects: true}),
        ...(search ? {_any_: {fields: ['name', 'id', 'comment'], pattern: literal(search)}} : {}),
        ...(tags.length ? {tags: ['__$all', ...tags]} : {}),
        ...(framework.length ? {framework} : {}),
        system_tags: query.has('archived') ? ['archived'] : ['__$not', 'archived'],
        order_by: [this.#order],
        page: 0,
        page_size: this.#count,
        only_fields: FIELDS,
      });
      this.#models = models;
      this.#more = models.length >= this.#count && this.#count < MOST;
      this.#problem = '';
    } catch (error) {
      this.#problem = error.message;
    }
    this.#loaded = true;
    redraw();
  }

  #choice(title, name, words) {
    return menu(title, words.map(word => [word, word]), this.#route.query.getAll(name), (word, on) => this.#query.filter(name, word, on));
  }

  render() {
    return html`<div class="split">
      ${projectTree(this.#projects, this.#route.project, ALL, modelsPath)}
      <div class="tasks">
        <div class="heading"><h1>${this.#name()}</h1>${projectField(this.#projects, this.#route.project, ALL, modelsPath)}</div>
        <div class="bar" role="search">
          <input type="search" class="search" placeholder="Search names, ids, comments" aria-label="Search models"
            .value=${live(this.#route.query.get('search') ?? '')} @input=${event => this.#query.search(event.target.value)}>
          ${this.#choice('Framework', 'framework', this.#frameworks)}
          ${this.#choice('Tags', 'tag', this.#tags)}
          <label class="check"><input type="checkbox" .checked=${live(this.#route.query.has('archived'))} @change=${event => this.#query.edit(
              edited => event.target.checked ? edited.set('archived', '1') : edited.delete('archived'))}> Archived</label>
        </div>
        ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
        ${this.#table()}
      </div>
    </div>`;
  }

  #table() {
    if (this.#loaded && !this.#models.length && !this.#problem) {
      return html`<div class="empty"><p>${this.#route.query.size ? 'No model matches.' : 'No models yet.'}</p></div>`;
    }
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Models"><table class="list">
      <thead><tr>${COLUMNS.map(column => this.#head(column))}</tr></thead>
      <tbody>${repeat(this.#models, model => model.id, model => html`<tr>
        <td data-column="name"><a href=${modelPath(model.project?.id, model.id)}>${model.name}</a></td>
        <td data-column="framework">${model.framework ?? ''}</td>
        <td data-column="project">${model.project?.name ?? ''}</td>
        <td data-column="task">${model.task?.id ? html`<a href=${taskPath(model.project?.id, model.task.id)}>${model.task.name}</a>` : ''}</td>
        <td data-column="tags">${model.ready ? html`<span class="tag">published</span>` : ''}${model.tags?.map(
            tag => html`<span class="tag">${tag}</span>`)}</td>
        <td data-column="last_update"><span title=${moment(model.last_update)}>${ago(model.last_update)}</span></td>
      </tr>`)}</tbody></table></div>
      ${this.#more ? html`<button class="more" @click=${() => { this.#count += PAGE; this.#poll.now(); }}>Show more</button>` : ''}`;
  }

  #head({title, order}) {
    const down = this.#order === '-' + order;
    const ordered = order && (down || this.#order === order);
    return html`<th data-column=${(order ?? title).toLowerCase()} aria-sort=${ordered ? (down ? 'descending' : 'ascending') : 'none'}>${
      order ? html`<button class="order" @click=${() => this.#query.edit(query => query.set('order', down ? order : '-' + order))}>${title}<span
        class="arrow" aria-hidden="true">${ordered ? (down ? '↓' : '↑') : ''}</span></button>` : title}</th>`;
  }
}
