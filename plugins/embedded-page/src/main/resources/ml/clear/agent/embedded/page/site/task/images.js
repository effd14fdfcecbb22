// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {call, ownFile} from '../core/api.js';
import {attempt} from '../core/actions.js';
import {redraw} from '../core/draw.js';
import {Poll} from '../core/poll.js';
import {active} from '../core/status.js';
import {show} from '../parts/dialog.js';

const PICTURES = /\.(png|jpe?g|gif|svg|webp)$/i;

/** Debug images and other media by iteration, the newest first. */
export class Images {
  #id;
  #pages = [];
  #scroll = '';
  #loaded = false;
  #complete = false;
  #poll;

  /** @param {string} id @param {() => any} task */
  constructor(id, task) {
    this.#id = id;
    this.#poll = new Poll(() => this.#newest(), () => active(task()?.status) ? 4000 : 30000);
  }

  start() {
    this.#poll.start();
  }

  stop() {
    this.#poll.stop();
  }

  async #ask(scroll) {
    const answer = await call('events.debug_images', {
      metrics: [{task: this.#id}],
      iters: 5,
      ...(scroll ? {scroll_id: scroll} : {}),
    });
    return {iterations: answer.metrics[0]?.iterations ?? [], scroll: answer.scroll_id};
  }

  async #newest() {
    const {iterations, scroll} = await this.#ask('');
    if (this.#pages.length < 2) {
      this.#scroll = scroll;
      this.#complete = iterations.length < 5;
    }
    this.#pages = [iterations, ...this.#pages.slice(1)];
    this.#loaded = true;
    redraw();
  }

  async #older() {
    const {iterations, scroll} = await this.#ask(this.#scroll);
    this.#pages = [...this.#pages, iterations];
    this.#scroll = scroll;
    this.#complete = iterations.length < 5;
    redraw();
  }

  render() {
    const byIteration = new Map(this.#pages.flat().map(each => [each.iter, each]));
    const iterations = [...byIteration.values()].sort((a, b) => b.iter - a.iter);
    if (!iterations.length) {
      return this.#loaded ? html`<p class="empty">No images</p>` : '';
    }
    return html`${iterations.map(({iter, events}) => html`<section><h2>Iteration ${iter}</h2>
        <div class="images">${events.map(event => this.#image(event))}</div></section>`)}
      ${this.#complete ? '' : html`<button class="more" @click=${() => attempt(() => this.#older())}>Show earlier iterations</button>`}`;
  }

  #image({metric, variant, url, timestamp}) {
    const own = ownFile(url ?? '');
    const name = `${metric} / ${variant}`;
    const address = own ? `${own}?t=${timestamp}` : '';
    if (!own || !PICTURES.test(own)) {
      return html`<figure class="image other">${own ? html`<a class="button" href=${own + '?download'} download>Download</a>`
          : html`<code class="uri">${url}</code>`}<figcaption>${name}</figcaption></figure>`;
    }
    return html`<figure class="image"><button aria-label=${`Enlarge ${name}`}
        @click=${() => show(name, html`<img class="enlarged" src=${address} alt=${name}>`)}>
      <img loading="lazy" src=${address} alt=${name}></button><figcaption>${name}</figcaption></figure>`;
  }
}
