// SPDX-License-Identifier: Apache-2.0
/** The element `clearml-curve`: draws the curves in its property `curves` with uPlot. */
import UPlot from '../library/uplot/uPlot.esm.js';
import {duration, moment, number} from '../core/format.js';
import {smoothed} from '../core/curves.js';
import {onThemeChange} from '../core/theme.js';

const HEIGHT = 240;
const COLOURS = 10;
/** Distances of marks of iterations, which are whole numbers. */
const WHOLE = [1, 2, 5].flatMap(first => Array.from({length: 13}, (_, i) => first * 10 ** i)).sort((a, b) => a - b);

/**
 * @typedef {object} Look
 * @property {number} smoothing from 0 to below 1
 * @property {boolean} log whether the vertical scale is logarithmic
 * @property {'iter' | 'time' | 'wall'} axis
 */

/** @param {string} name of a colour in the style sheet */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {number} index */
export function curveColour(index) {
  return colour(`--curve-${index % COLOURS}`);
}

class CurveChart extends HTMLElement {
  /** @type {import('../core/curves.js').Curve[]} */
  #curves = [];
  /** @type {Look} */
  #look = {smoothing: 0, log: false, axis: 'iter'};
  #height = HEIGHT;
  /** @type {any} */
  #plot;
  #shape = '';
  #visible = false;
  #seen = new IntersectionObserver(entries => {
    this.#visible = entries.some(entry => entry.isIntersecting);
    this.#draw();
  }, {rootMargin: '300px'});
  #resized = new ResizeObserver(() => this.#plot?.setSize({width: this.clientWidth, height: this.#height}));
  #forget = () => {};

  set curves(curves) {
    if (curves !== this.#curves) {
      this.#curves = curves;
      this.#draw();
    }
  }

  set look(look) {
    if (JSON.stringify(look) !== JSON.stringify(this.#look)) {
      this.#look = look;
      this.#draw();
    }
  }

  set height(height) {
    this.#height = height;
  }

  connectedCallback() {
    this.style.minHeight = `${this.#height}px`;
    this.setAttribute('role', 'img');
    this.#seen.observe(this);
    this.#resized.observe(this);
    this.#forget = onThemeChange(() => {
      this.#shape = '';
      this.#draw();
    });
  }

  disconnectedCallback() {
    this.#seen.disconnect();
    this.#resized.disconnect();
    this.#forget();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#shape = '';
  }

  #draw() {
    if (!this.#visible || !this.isConnected) {
      return;
    }
    const data = this.#data();
    const shape = JSON.stringify([this.#look.log, this.#look.axis, this.#look.smoothing > 0, this.#curves.map(curve => curve.name)]);
    if (shape === this.#shape) {
      this.#plot.setData(data);
      this.#points();
      return;
    }
    this.#shape = shape;
    this.#plot?.destroy();
    this.#plot = new UPlot(this.#options(), data, this);
    this.#points();
  }

  /** For tests and for those who cannot see the curves. */
  #points() {
    const count = this.#curves.reduce((sum, curve) => sum + curve.x.length, 0);
    this.dataset.points = String(count);
    this.setAttribute('aria-label', `Curves of ${this.#curves.map(
        curve => `${curve.name}, last value ${number(curve.y.at(-1))}`).join('; ')}`);
  }

  #data() {
    const {smoothing, log} = this.#look;
    const tables = this.#curves.map(({x, y}) => {
      const values = log ? y.map(value => value > 0 ? value : null) : y;
      return smoothing > 0 ? [x, values, smoothed(values, smoothing)] : [x, values];
    });
    if (!tables.length) {
      return [[]];
    }
    return tables.length === 1 ? tables[0] : UPlot.join(tables);
  }

  #options() {
    const ink = colour('--muted');
    const line = colour('--line');
    const {axis, log, smoothing} = this.#look;
    const along = axis === 'wall' ? value => moment(value * 1000) : axis === 'time' ? duration : number;
    const series = this.#curves.flatMap((curve, i) => {
      const main = {
        label: curve.name,
        stroke: curveColour(i),
        width: 1.75,
        spanGaps: true,
        points: {show: curve.x.length === 1, size: 6},
        value: (_, value) => number(value),
      };
      return smoothing > 0 ? [{...main, class: 'raw', label: `${curve.name} (raw)`, width: 1, alpha: 0.3}, main] : [main];
    });
    const grid = {stroke: line, width: 1};
    const common = {stroke: ink, grid, ticks: {stroke: line, width: 1, size: 4}, font: '11px system-ui, sans-serif'};
    return {
      width: this.clientWidth,
      height: this.#height,
      cursor: {points: {size: 7}, focus: {prox: 24}},
      focus: {alpha: 0.35},
      legend: {live: true, isolate: false},
      scales: {x: {time: axis === 'wall'}, y: log ? {distr: 3} : {}},
      series: [{label: axis === 'iter' ? 'Iteration' : 'Time', value: (_, value) => value === null ? '' : along(value)}, ...series],
      axes: [
        {...common, space: 64, size: 30, ...(axis === 'time' ? {values: (_, ticks) => ticks.map(duration)} : axis === 'iter' ? {incrs: WHOLE} : {})},
        {...common, size: 62, values: (_, ticks) => ticks.map(tick => tick === null ? '' : number(tick))},
      ],
    };
  }
}

customElements.define('clearml-curve', CurveChart);
