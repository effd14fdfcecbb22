// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {attempt, editTags, share} from '../core/actions.js';
import {call} from '../core/api.js';
import {redraw} from '../core/draw.js';
import {moment} from '../core/format.js';
import {MODEL_ACTIONS} from '../core/model-actions.js';
import {Poll} from '../core/poll.js';
import {go, modelsPath, taskPath} from '../core/router.js';
import {download} from '../parts/download.js';

const FIELDS = ['id', 'name', 'framework', 'uri', 'ready', 'tags', 'system_tags', 'labels', 'design', 'metadata', 'comment', 'created',
  'last_update', 'project.id', 'project.name', 'task.id', 'task.name'];

/** @param {unknown} design as it was reported: a text, or an object that holds one */
function text(design) {
  const parts = design && typeof design === 'object' ? Object.values(design) : [design];
  return parts.map(part => typeof part === 'string' ? part : JSON.stringify(part ?? '', null, 2)).filter(part => part && part !== '""').join('\n');
}

/** One model. */
export class Model {
  #id;
  #model;
  #problem = '';
  #poll = new Poll(() => this.#load(), 10000);

  constructor(route) {
    this.#id = route.model;
  }

  title() {
    return `${this.#model?.name ?? 'Model'} · ClearML`;
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
  }

  async #load() {
    try {
      const {models: [model]} = await call('models.get_all_ex', {id: [this.#id], only_fields: FIELDS});
      this.#model = model;
      this.#problem = model ? '' : `there is no model '${this.#id}'`;
    } catch (error) {
      this.#problem = error.message;
    }
    redraw();
  }

  async #act(action) {
    if (!(await attempt(() => action.run([this.#model])))) {
      return;
    }
    if (action.id === 'delete') {
      go(modelsPath(this.#model.project?.id));
    } else {
      this.#poll.now();
    }
  }

  render() {
    const model = this.#model;
    if (!model) {
      return this.#problem ? html`<div class="empty"><p>${this.#problem}</p><a href=${modelsPath()}>All models</a></div>` : '';
    }
    const labels = Object.entries(model.labels ?? {}).sort(([, a], [, b]) => a - b);
    const metadata = Object.values(model.metadata ?? {});
    const design = text(model.design);
    return html`<article class="task model">
      <header class="task-head">
        <p class="trail"><a href=${modelsPath()}>Models</a><span aria-hidden="true">/</span>${
          model.project?.id ? html`<a href=${modelsPath(model.project.id)}>${model.project.name}</a>` : 'no project'}</p>
        <div class="title-row"><h1>${model.name}</h1>
          <div class="buttons" role="toolbar" aria-label="Actions">
            ${MODEL_ACTIONS.filter(action => action.fits(model)).map(
                action => html`<button @click=${() => this.#act(action)}>${action.title}</button>`)}
            <button @click=${() => attempt(() => editTags('model', model)).then(done => done && this.#poll.now())}>Tags</button>
            <button @click=${() => attempt(share)}>Copy link</button>
          </div></div>
        <p class="state">${model.ready ? html`<span class="status" data-status="published">Published</span>` : ''}
          ${model.tags?.map(tag => html`<span class="tag">${tag}</span>`)}</p>
      </header>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
      <section class="card file"><div class="file-head"><h2>Model</h2>${model.uri ? download(model.uri) : ''}</div>${this.#facts(model)}</section>
      ${labels.length ? this.#pairs('Labels', labels) : ''}
      ${metadata.length ? this.#pairs('Metadata', metadata.map(({key, value}) => [key, value])) : ''}
      ${design ? html`<section class="card"><h2>Configuration</h2><pre class="text" tabindex="0">${design}</pre></section>` : ''}
    </article>`;
  }

  #facts(model) {
    const facts = [
      ['Id', html`<code>${model.id}</code>`],
      ['Framework', model.framework],
      ['Made by', model.task?.id ? html`<a href=${taskPath(model.project?.id, model.task.id, 'artifacts')}>${model.task.name ?? model.task.id}</a>` : ''],
      ['File', model.uri ? html`<code>${model.uri}</code>` : ''],
      ['Created', moment(model.created)],
      ['Updated', moment(model.last_update)],
      ['Comment', model.comment],
    ].filter(([, value]) => value);
    return html`<dl class="facts">${facts.map(([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>`)}</dl>`;
  }

  /** @param {string} title @param {[string, unknown][]} pairs */
  #pairs(title, pairs) {
    return html`<section class="card"><h2>${title}</h2>
      <div class="scroll" tabindex="0" role="region" aria-label=${title}><table class="plain pairs"><tbody>${pairs.map(
          ([name, value]) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`)}</tbody></table></div></section>`;
  }
}
