// SPDX-License-Identifier: Apache-2.0
/** The element `clearml-figure`: draws the plotly figure in its property `source`, a JSON text. Plotly is loaded with the first one. */
import {isDark, onThemeChange} from '../core/theme.js';

const SCRIPT = '/page/library/plotly/plotly.js';
/** Kinds of traces whose drawing compiles programs, which the page forbids, and what is drawn instead. */
const INSTEAD = {scattergl: 'scatter', heatmapgl: 'heatmap', scatterpolargl: 'scatterpolar'};
const COLOURS = ['#0f9d8a', '#e07b39', '#5b7fd6', '#c2557a', '#8a6fc8', '#7a9a2e', '#3aa0c4', '#b8862b', '#9c6b58', '#6b7785'];

/** @type {Promise<any> | undefined} */
let loading;

function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = SCRIPT;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      loading = undefined;
      reject(new Error('the plotting library cannot be loaded'));
    };
    document.head.append(script);
  });
  return loading;
}

/** @param {any} axis as older versions of plotly take it, too: with its title as a text */
function themedAxis(axis, line) {
  const title = typeof axis.title === 'string' ? {title: {text: axis.title}} : {};
  return {...axis, ...title, gridcolor: line, zerolinecolor: line, linecolor: line, automargin: true};
}

/** @param {any} layout as it was reported, fitted to the page */
function themed(layout, name) {
  const ink = isDark() ? '#c8d0d8' : '#3a444e';
  const line = isDark() ? '#2c363f' : '#e3e7ea';
  const {width, height, title, template, ...rest} = layout ?? {};
  const text = typeof title === 'object' ? title?.text : title;
  // Most titles repeat the metric or the variant, which the heading shows.
  const own = text && !name.split(' / ').includes(text) && name !== text.split('/').join(' / ');
  const axes = Object.fromEntries(Object.keys(rest).filter(key => /^[xy]axis\d*$/.test(key)).map(key => [key, themedAxis(rest[key], line)]));
  return {
    xaxis: themedAxis({}, line),
    yaxis: themedAxis({}, line),
    colorway: COLOURS,
    ...rest,
    ...axes,
    autosize: true,
    height: Math.min(height ?? 420, 900),
    title: own ? {text, font: {size: 13}} : undefined,
    margin: {l: 56, r: 24, t: own ? 48 : 16, b: 48, ...rest.margin},
    paper_bgcolor: 'rgba(0, 0, 0, 0)',
    plot_bgcolor: 'rgba(0, 0, 0, 0)',
    font: {...rest.font, color: ink, family: 'system-ui, sans-serif', size: 12},
  };
}

/** @param {string} text JSON in which Python may have written numbers that JSON does not have */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(/(?<=[[,:]\s*)(?:NaN|-?Infinity)\b/g, 'null'));
  }
}

/** @param {any} trace */
function drawable(trace) {
  const kind = INSTEAD[trace.type] ?? trace.type;
  if (kind !== 'table' || !isDark()) {
    return {...trace, type: kind};
  }
  const paper = {fill: {color: '#1c242b'}, font: {color: '#c8d0d8'}, line: {color: '#2c363f'}};
  return {...trace, header: {...trace.header, ...paper}, cells: {...trace.cells, ...paper}};
}

class Figure extends HTMLElement {
  #source = '';
  #box = document.createElement('div');
  #visible = false;
  #seen = new IntersectionObserver(entries => {
    this.#visible ||= entries.some(entry => entry.isIntersecting);
    this.#draw();
  }, {rootMargin: '300px'});
  #resized = new ResizeObserver(() => globalThis.Plotly && this.#box.data && globalThis.Plotly.Plots.resize(this.#box));
  #forget = () => {};
  #drawn = '';
  name = '';

  /** @param {string} text */
  set source(text) {
    this.#source = text;
    this.#draw();
  }

  connectedCallback() {
    this.append(this.#box);
    this.#seen.observe(this);
    this.#resized.observe(this);
    this.#forget = onThemeChange(() => {
      this.#drawn = '';
      this.#draw();
    });
  }

  disconnectedCallback() {
    this.#seen.disconnect();
    this.#resized.disconnect();
    this.#forget();
    globalThis.Plotly?.purge(this.#box);
    this.#drawn = '';
  }

  async #draw() {
    if (!this.#visible || !this.isConnected || this.#source === this.#drawn) {
      return;
    }
    this.#drawn = this.#source;
    try {
      const figure = parsed(this.#source);
      const library = await plotly();
      if (this.isConnected) {
        await library.react(this.#box, (figure.data ?? []).map(drawable), themed(figure.layout, this.name),
            {responsive: false, displaylogo: false, displayModeBar: 'hover'});
        this.setAttribute('drawn', '');
      }
    } catch (error) {
      this.#box.textContent = `This figure cannot be drawn: ${error.message}`;
    }
  }
}

customElements.define('clearml-figure', Figure);
