// SPDX-License-Identifier: Apache-2.0
/**
 * The element `clearml-console`: shows the console of the task in its property `task`. It draws only the lines that are visible,
 * so that a million of them scroll.
 */
import {html, render} from '../library/lit-html/lit-html.js';
import {Poll} from '../core/poll.js';
import {moment} from '../core/format.js';
import {ConsoleSource} from './console-source.js';
import {plain, segments} from './terminal.js';

const LINE = 20;
/** Browsers limit the height of an element; above this one the scroll bar stands for a share of the lines. */
const TALLEST = 8_000_000;
const MARGIN = 20;
const LIVE_MILLIS = 1000;
const QUIET_MILLIS = 5000;

class Console extends HTMLElement {
  #task = '';
  #live = false;
  #source = new ConsoleSource('');
  #follow = true;
  #problem = '';
  #search = '';
  /** @type {number[]} the lines that hold the searched text */
  #found = [];
  #at = -1;
  #searching = false;
  #extending = false;
  #drawing = false;
  #poll = new Poll(() => this.#tail(), () => this.#live ? LIVE_MILLIS : QUIET_MILLIS);
  #resized = new ResizeObserver(() => this.#draw());

  /** @param {string} id */
  set task(id) {
    if (id !== this.#task) {
      this.#task = id;
      this.#source = new ConsoleSource(id);
      this.#search = '';
      this.#found = [];
      this.#follow = true;
      if (this.isConnected) {
        this.#toEnd();
      }
    }
  }

  /** @param {boolean} on whether lines are still being written */
  set live(on) {
    if (on !== this.#live) {
      this.#live = on;
      this.#poll.now();
    }
  }

  connectedCallback() {
    this.#frame();
    this.#resized.observe(this.#scroller);
    this.#toEnd().then(() => this.#poll.start());
  }

  disconnectedCallback() {
    this.#poll.stop();
    this.#resized.disconnect();
  }

  get #scroller() {
    return this.querySelector('.console-scroll');
  }

  async #tail() {
    const source = this.#source;
    if (source.atEnd && (await source.later())) {
      this.#afterGrowth();
    }
    if (source.late && this.#follow) {
      await this.#toEnd();
    }
  }

  #afterGrowth() {
    if (this.#search) {
      this.#find();
    }
    this.#draw();
  }

  async #guarded(work) {
    try {
      await work();
      this.#problem = '';
    } catch (error) {
      this.#problem = error.message;
    }
    this.#frame();
    this.#draw();
  }

  #toEnd() {
    this.#follow = true;
    return this.#guarded(() => this.#source.fromEnd());
  }

  #toStart() {
    this.#follow = false;
    return this.#guarded(async () => {
      if (!this.#source.atStart) {
        await this.#source.fromStart();
      }
      this.#draw();
      this.#scroller.scrollTop = 0;
    });
  }

  // ---- scrolling

  get #height() {
    return Math.min(this.#source.lines.length * LINE, TALLEST);
  }

  get #visible() {
    return Math.ceil(this.#scroller.clientHeight / LINE) + 1;
  }

  get #exact() {
    return exact(this.#source.lines.length);
  }

  /** The first visible line. */
  get #top() {
    return this.#topAmong(this.#source.lines.length);
  }

  /** The first visible line while so many are there. */
  #topAmong(count) {
    const {scrollTop, clientHeight} = this.#scroller;
    if (exact(count)) {
      return Math.floor(scrollTop / LINE);
    }
    const share = scrollTop / Math.max(1, TALLEST - clientHeight);
    return Math.round(share * Math.max(0, count - Math.floor(clientHeight / LINE)));
  }

  /** @param {number} line */
  #scrollTo(line) {
    this.#fit(); // lines that are not drawn yet must not end the way
    const {clientHeight} = this.#scroller;
    const most = Math.max(1, this.#source.lines.length - Math.floor(clientHeight / LINE));
    this.#scroller.scrollTop = this.#exact ? line * LINE : (line / most) * (TALLEST - clientHeight);
  }

  #fit() {
    this.querySelector('.console-height').style.height = `${this.#height}px`;
  }

  #scrolled() {
    const {scrollTop, clientHeight, scrollHeight} = this.#scroller;
    const follow = this.#source.atEnd && scrollTop + clientHeight >= scrollHeight - LINE;
    if (follow !== this.#follow) {
      this.#follow = follow;
      this.#frame();
    }
    this.#draw();
    this.#extend();
  }

  /** Loads more when an end of what is loaded is near, until it is not. */
  async #extend() {
    if (this.#extending) {
      return;
    }
    this.#extending = true;
    try {
      while (await this.#extendOnce(this.#source)) {
        this.#draw();
      }
    } catch (error) {
      this.#problem = error.message;
      this.#frame();
    } finally {
      this.#extending = false;
    }
  }

  /** @param {ConsoleSource} source @returns {Promise<boolean>} whether something was loaded */
  async #extendOnce(source) {
    if (!this.isConnected || source !== this.#source) {
      return false;
    }
    const near = this.#visible * 3;
    if (this.#top < near && !source.atStart) {
      const added = await source.earlier();
      this.#found = this.#found.map(line => line + added);
      this.#scrollTo(this.#topAmong(source.lines.length - added) + added);
      return added > 0;
    }
    return this.#top + near * 2 > source.lines.length && !source.atEnd && source.later();
  }

  // ---- searching

  #searchFor(text) {
    this.#search = text.toLowerCase();
    this.#find();
    this.#at = this.#found.length - 1;
    this.#showFound();
    this.#searchAll();
  }

  #find() {
    this.#found = [];
    if (this.#search) {
      for (let i = 0; i < this.#source.lines.length; i++) {
        if (plain(this.#source.lines.line(i).text).toLowerCase().includes(this.#search)) {
          this.#found.push(i);
        }
      }
    }
  }

  /** Loads the rest of the console while something is searched, from the end to the beginning. */
  async #searchAll() {
    if (this.#searching) {
      return;
    }
    this.#searching = true;
    const source = this.#source;
    try {
      while (this.#search && source === this.#source && this.isConnected && !source.atStart) {
        const top = this.#top;
        const added = await source.earlier(true);
        if (added) {
          this.#find();
          this.#at = this.#at < 0 ? this.#found.length - 1 : this.#at;
          this.#draw();
          this.#scrollTo(top + added);
          this.#frame();
        }
      }
    } catch (error) {
      this.#problem = error.message;
    } finally {
      this.#searching = false;
    }
    if (this.#found.length && this.#search) {
      this.#at = this.#found.length - 1;
      this.#showFound();
    }
    this.#frame();
  }

  #step(by) {
    const count = this.#found.length;
    if (count) {
      this.#at = (this.#at + by + count) % count;
      this.#showFound();
    }
  }

  #showFound() {
    if (this.#found.length) {
      this.#follow = false;
      this.#scrollTo(Math.max(0, this.#found[this.#at] - 5));
    }
    this.#frame();
    this.#draw();
  }

  // ---- drawing

  #frame() {
    const found = this.#found.length;
    const {total, lines} = this.#source;
    render(html`<div class="bar console-bar" role="search">
        <input type="search" class="search" placeholder="Search the console" aria-label="Search the console"
          @change=${event => this.#searchFor(event.target.value)}
          @keydown=${event => event.key === 'Enter' && event.target.value.toLowerCase() === this.#search && this.#step(event.shiftKey ? 1 : -1)}>
        ${this.#search ? html`<span class="count" role="status">${found ? `${this.#at + 1} of ${found}` : 'none'}${
            this.#searching ? ` · ${lines.length.toLocaleString()} lines searched` : ''}</span>
          <button class="quiet" aria-label="Previous match" @click=${() => this.#step(-1)}>↑</button>
          <button class="quiet" aria-label="Next match" @click=${() => this.#step(1)}>↓</button>` : ''}
        <span class="space"></span>
        <button class="quiet" @click=${() => this.#toStart()}>Start</button>
        <button class="quiet" aria-pressed=${this.#follow} @click=${() => this.#toEnd()}>${this.#follow && this.#live ? 'Following' : 'End'}</button>
        <a class="button quiet" download="console.txt" href=${`/events.download_task_log?task=${this.#task}&line_type=text&line_format=${
            encodeURIComponent('{msg}')}`}>Download</a>
      </div>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
      <div class="console-scroll" tabindex="0" role="log" aria-live="off" aria-label="Console" @scroll=${() => this.#scrolled()}>
        <div class="console-height"></div>
        <div class="console-lines"></div>
        ${total === 0 ? html`<p class="console-empty">No output yet</p>` : ''}
      </div>`, this);
  }

  #draw() {
    if (this.#drawing || !this.isConnected) {
      return;
    }
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      if (this.isConnected) {
        this.#drawLines();
      }
    });
  }

  #drawLines() {
    const scroller = this.#scroller;
    const lines = this.#source.lines;
    this.#fit();
    if (this.#follow) {
      scroller.scrollTop = scroller.scrollHeight;
    }
    const top = this.#top;
    const from = Math.max(0, top - MARGIN);
    const to = Math.min(lines.length, top + this.#visible + MARGIN);
    const shift = this.#exact ? from * LINE : scroller.scrollTop - (top - from) * LINE;
    const box = this.querySelector('.console-lines');
    box.style.transform = `translateY(${Math.min(shift, this.#height - (to - from) * LINE)}px)`;
    const current = this.#found[this.#at];
    const rows = [];
    for (let i = from; i < to; i++) {
      rows.push(this.#row(lines.line(i), i === current));
    }
    render(rows, box);
  }

  #row({text, time}, current) {
    return html`<div class="console-line ${current ? 'current' : ''}" title=${moment(time)}>${
      this.#search && plain(text).toLowerCase().includes(this.#search)
        ? marked(plain(text), this.#search)
        : segments(text).map(part => part.classes || part.style
          ? html`<span class=${part.classes} .style=${part.style}>${part.text}</span>` : part.text)}</div>`;
  }
}

/** Whether the scroll bar stands for each of so many lines. */
function exact(count) {
  return count * LINE <= TALLEST;
}

/** @param {string} text @param {string} part in lower case */
function marked(text, part) {
  const pieces = [];
  let from = 0;
  for (let at = text.toLowerCase().indexOf(part); at >= 0; at = text.toLowerCase().indexOf(part, from)) {
    pieces.push(text.slice(from, at), html`<mark>${text.slice(at, at + part.length)}</mark>`);
    from = at + part.length;
  }
  return [...pieces, text.slice(from)];
}

customElements.define('clearml-console', Console);
