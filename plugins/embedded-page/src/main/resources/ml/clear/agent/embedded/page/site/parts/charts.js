// SPDX-License-Identifier: Apache-2.0
/** The curves of one or several tasks, a chart a metric, with the controls of all of them. */
import {html} from '../library/lit-html/lit-html.js';
import {repeat} from '../library/lit-html/directives/repeat.js';
import {live} from '../library/lit-html/directives/live.js';
import {attempt} from '../core/actions.js';
import {beginnings, load, loadAll, relative} from '../core/curves.js';
import {redraw} from '../core/draw.js';
import {show} from './dialog.js';
import './curve.js';

const MONITOR = /^:monitor:/;

export class Charts {
  #tasks;
  #name;
  #metrics = new Map();
  /** @type {Map<string, number>} */
  #begins = new Map();
  #narrowed = '';
  #loaded = false;
  /** @type {import('./curve.js').Look} */
  #look = {smoothing: 0, log: false, axis: 'iter', ...JSON.parse(localStorage.getItem('curves') ?? '{}')};

  /**
   * @param {() => string[]} tasks
   * @param {(task: string, variant: string) => string} name of a curve
   */
  constructor(tasks, name) {
    this.#tasks = tasks;
    this.#name = name;
  }

  get #key() {
    return this.#look.axis === 'iter' ? 'iter' : 'timestamp';
  }

  /** Reads all curves again. */
  async load() {
    const axis = this.#look.axis;
    const metrics = await load(this.#tasks(), this.#key, this.#name);
    if (axis !== this.#look.axis) {
      return;
    }
    this.#begins = axis === 'iter' ? this.#begins : beginnings(metrics.values());
    for (const [metric, curves] of metrics) {
      const before = this.#metrics.get(metric);
      const fitted = this.#fitted(curves);
      // The same array means that nothing has to be drawn again.
      metrics.set(metric, before && same(before, fitted) ? before : fitted);
    }
    this.#metrics = metrics;
    this.#loaded = true;
    redraw();
  }

  #fitted(curves) {
    const {axis} = this.#look;
    if (axis === 'time') {
      return relative(curves, this.#begins);
    }
    return axis === 'wall' ? curves.map(curve => ({...curve, x: curve.x.map(time => time / 1000)})) : curves;
  }

  #set(change) {
    const other = change.axis && change.axis !== this.#look.axis;
    this.#look = {...this.#look, ...change};
    localStorage.setItem('curves', JSON.stringify(this.#look));
    if (other) {
      this.#metrics = new Map();
      this.#loaded = false;
      attempt(() => this.load());
    }
    redraw();
  }

  async #enlarge(metric) {
    const curves = await loadAll(this.#tasks(), metric, this.#key, this.#name);
    show(metric, html`<clearml-curve .height=${Math.max(300, innerHeight - 260)} .look=${this.#look}
      .curves=${this.#fitted(curves)}></clearml-curve>`);
  }

  render() {
    const {smoothing, log, axis} = this.#look;
    const found = [...this.#metrics].sort(([a], [b]) => Number(MONITOR.test(a)) - Number(MONITOR.test(b)) || a.localeCompare(b))
        .filter(([metric]) => metric.toLowerCase().includes(this.#narrowed));
    const machine = found.filter(([metric]) => MONITOR.test(metric));
    return html`<div class="bar chart-bar" role="search">
        <input type="search" class="search" placeholder="Find a metric" aria-label="Find a metric"
          @input=${event => { this.#narrowed = event.target.value.toLowerCase(); redraw(); }}>
        <label class="inline">Smoothing <input type="range" min="0" max="0.99" step="0.01" .value=${live(String(smoothing))}
          @input=${event => this.#set({smoothing: Number(event.target.value)})}><output>${smoothing.toFixed(2)}</output></label>
        <label class="inline">Axis <select @change=${event => this.#set({axis: event.target.value})}>
          ${[['iter', 'Iteration'], ['time', 'Time since start'], ['wall', 'Clock']].map(
              ([value, title]) => html`<option value=${value} ?selected=${axis === value}>${title}</option>`)}</select></label>
        <label class="check"><input type="checkbox" .checked=${live(log)} @change=${event => this.#set({log: event.target.checked})}> Log scale</label>
      </div>
      ${this.#loaded && !this.#metrics.size ? html`<p class="empty">No scalars</p>` : ''}
      ${this.#grid(found.filter(([metric]) => !MONITOR.test(metric)))}
      ${machine.length ? html`<details class="machine" ?open=${found.length === machine.length}><summary>Machine</summary>${this.#grid(machine)}</details>` : ''}`;
  }

  #grid(metrics) {
    return html`<div class="charts">${repeat(metrics, ([metric]) => metric, ([metric, curves]) => html`<section class="card chart">
      <header><h2>${metric.replace(MONITOR, '')}</h2>
        <button class="quiet" aria-label=${`Enlarge ${metric}`} title="Enlarge, with every point"
          @click=${() => attempt(() => this.#enlarge(metric))}>⤢</button></header>
      <clearml-curve .look=${this.#look} .curves=${curves}></clearml-curve></section>`)}</div>`;
  }
}

/** @param {import('../core/curves.js').Curve[]} a @param {import('../core/curves.js').Curve[]} b */
function same(a, b) {
  return a.length === b.length && a.every((curve, i) => curve.name === b[i].name && curve.x.length === b[i].x.length
      && curve.x.at(-1) === b[i].x.at(-1) && curve.y.at(-1) === b[i].y.at(-1));
}
