// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {call} from '../core/api.js';
import {attempt} from '../core/actions.js';
import {redraw} from '../core/draw.js';
import {bytes, moment} from '../core/format.js';
import {modelPath} from '../core/router.js';
import {download} from '../parts/download.js';

/** Artifacts, and the models that went in and came out. */
export class Artifacts {
  #models = new Map();
  #asked = '';

  /** @param {any} task */
  #learn(task) {
    const ids = [...(task.models?.input ?? []), ...(task.models?.output ?? [])].map(each => each.model).filter(Boolean);
    if (ids.length && ids.join() !== this.#asked) {
      this.#asked = ids.join();
      attempt(async () => {
        const {models} = await call('models.get_all_ex', {id: ids});
        models.forEach(model => this.#models.set(model.id, model));
        redraw();
      });
    }
  }

  render(task) {
    this.#learn(task);
    const artifacts = task.execution?.artifacts ?? [];
    const inputs = task.models?.input ?? [];
    const outputs = task.models?.output ?? [];
    if (!artifacts.length && !inputs.length && !outputs.length) {
      return html`<p class="empty">No artifacts and no models</p>`;
    }
    return html`${artifacts.length ? html`<section><h2>Artifacts</h2>${artifacts.map(artifact => this.#artifact(artifact))}</section>` : ''}
      ${this.#list('Output models', outputs)}${this.#list('Input models', inputs)}`;
  }

  #artifact({key, type, uri, content_size: size, timestamp, type_data: data, hash, mode}) {
    return html`<article class="card file"><div class="file-head"><h3>${key}</h3>${uri ? download(uri) : ''}</div>
      <p class="muted">${[type, mode === 'input' ? 'input' : '', bytes(size), moment(timestamp ? timestamp * 1000 : undefined)]
          .filter(Boolean).join(' · ')}</p>
      ${data?.preview ? html`<pre class="text short" tabindex="0">${data.preview}</pre>` : ''}
      ${hash ? html`<p class="hash">SHA-256 <code>${hash}</code></p>` : ''}</article>`;
  }

  #list(title, links) {
    return links.length ? html`<section><h2>${title}</h2>${links.map(({name, model: id}) => {
      const model = this.#models.get(id) ?? {};
      return html`<article class="card file"><div class="file-head"><h3><a href=${modelPath(model.project?.id, id)}>${model.name ?? name}</a></h3>${model.uri ? download(model.uri) : ''}</div>
        <p class="muted">${[model.framework, model.ready ? 'published' : '', moment(model.last_update ?? model.created)].filter(Boolean).join(' · ')}</p>
        ${model.comment ? html`<p>${model.comment}</p>` : ''}
        ${model.tags?.length ? html`<p>${model.tags.map(tag => html`<span class="tag">${tag}</span>`)}</p>` : ''}
        ${Object.keys(model.labels ?? {}).length ? html`<p class="muted">Labels: ${Object.entries(model.labels).map(
            ([label, value]) => `${label} ${value}`).join(', ')}</p>` : ''}
        <p class="hash">Id <code>${id}</code></p></article>`;
    })}</section>` : '';
  }
}
