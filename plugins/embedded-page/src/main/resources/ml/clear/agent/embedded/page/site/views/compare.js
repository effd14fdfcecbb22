// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {live} from '../library/lit-html/directives/live.js';
import {call} from '../core/api.js';
import {redraw} from '../core/draw.js';
import {number} from '../core/format.js';
import {Poll} from '../core/poll.js';
import {comparePath, taskPath} from '../core/router.js';
import {active, badge} from '../core/status.js';
import {Charts} from '../parts/charts.js';

const PARTS = [['scalars', 'Scalars'], ['parameters', 'Parameters'], ['details', 'Details']];
const DETAILS = [
  ['Type', task => task.type],
  ['Repository', task => task.script?.repository],
  ['Branch', task => task.script?.branch],
  ['Commit', task => task.script?.version_num],
  ['Entry point', task => task.script?.entry_point],
  ['Container', task => task.container?.image],
  ['Tags', task => task.tags?.join(', ')],
  ['Iteration', task => task.last_iteration],
];

/** Two to ten tasks side by side. */
export class Compare {
  #ids;
  #part;
  #tasks = [];
  #problem = '';
  #differing = true;
  #charts = new Charts(() => this.#ids, (task, variant) => `${this.#title(task)} · ${variant}`);
  #poll = new Poll(() => this.#load(), () => this.#tasks.some(task => active(task.status)) ? 3000 : 30000);

  constructor(route) {
    this.#ids = route.ids;
    this.change(route);
  }

  title() {
    return 'Compare · ClearML';
  }

  change(route) {
    this.#part = PARTS.some(([id]) => id === route.tab) ? route.tab : 'scalars';
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
  }

  /** The name, with the beginning of the id where names are equal. */
  #title(id) {
    const task = this.#tasks.find(each => each.id === id);
    const twice = this.#tasks.filter(each => each.name === task?.name).length > 1;
    return task ? task.name + (twice ? ` (${id.slice(0, 6)})` : '') : id;
  }

  async #load() {
    try {
      const {tasks} = await call('tasks.get_all_ex', {
        id: this.#ids,
        only_fields: ['id', 'name', 'type', 'status', 'status_message', 'project.id', 'project.name', 'hyperparams', 'tags', 'container',
          'last_iteration', 'last_metrics', 'script.repository', 'script.branch', 'script.version_num', 'script.entry_point'],
      });
      this.#tasks = this.#ids.map(id => tasks.find(task => task.id === id)).filter(Boolean);
      this.#ids = this.#tasks.map(task => task.id);
      if (this.#part === 'scalars') {
        await this.#charts.load();
      }
      this.#problem = '';
    } catch (error) {
      this.#problem = error.message;
    }
    redraw();
  }

  render() {
    return html`<article class="compare">
      <h1>Compare ${this.#ids.length} tasks</h1>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
      <ul class="compared">${this.#tasks.map(task => html`<li>${badge(task)}
        <a href=${taskPath(task.project?.id, task.id)}>${this.#title(task.id)}</a>
        <span class="muted">${task.project?.name ?? ''}</span></li>`)}</ul>
      <nav class="tabs" aria-label="Parts of the comparison">${PARTS.map(([id, title]) => html`<a href=${comparePath(this.#ids, id)}
        aria-current=${id === this.#part ? 'page' : 'false'}>${title}</a>`)}</nav>
      <section class="tab">${this.#part === 'scalars' ? this.#charts.render() : this.#table(
          this.#part === 'parameters' ? this.#parameters() : this.#details())}</section>
    </article>`;
  }

  #parameters() {
    const names = new Set(this.#tasks.flatMap(task => Object.entries(task.hyperparams ?? {}).flatMap(
        ([section, items]) => Object.keys(items).map(name => JSON.stringify([section, name])))));
    return [...names].sort().map(text => {
      const [section, name] = JSON.parse(text);
      return [`${section} / ${name}`, this.#tasks.map(task => task.hyperparams?.[section]?.[name]?.value)];
    });
  }

  #details() {
    const metrics = new Map();
    for (const task of this.#tasks) {
      for (const [metric, variants] of Object.entries(task.last_metrics ?? {})) {
        for (const [variant, value] of Object.entries(variants)) {
          if (!value.metric.startsWith(':monitor:')) {
            metrics.set(`${value.metric} / ${value.variant}`, [metric, variant]);
          }
        }
      }
    }
    return [
      ...DETAILS.map(([title, value]) => [title, this.#tasks.map(value)]),
      ...[...metrics].sort().map(([title, [metric, variant]]) => [title,
        this.#tasks.map(task => number(task.last_metrics?.[metric]?.[variant]?.value))]),
    ];
  }

  /** @param {[string, any[]][]} rows */
  #table(rows) {
    const marked = rows.map(([title, values]) => ({title, values, differs: new Set(values.map(value => value ?? '')).size > 1}));
    const shown = marked.filter(row => !this.#differing || row.differs);
    return html`<div class="bar"><label class="check"><input type="checkbox" .checked=${live(this.#differing)}
        @change=${event => { this.#differing = event.target.checked; redraw(); }}> Only differences</label></div>
      ${shown.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Comparison"><table class="plain compare-table">
        <thead><tr><td></td>${this.#tasks.map(task => html`<th scope="col">${this.#title(task.id)}</th>`)}</tr></thead>
        <tbody>${shown.map(row => html`<tr class=${row.differs ? 'differs' : ''}><th scope="row">${row.title}</th>${row.values.map(
            value => html`<td>${value ?? html`<span class="muted">–</span>`}</td>`)}</tr>`)}</tbody></table></div>`
          : html`<p class="empty">No differences</p>`}`;
  }
}
