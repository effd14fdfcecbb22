// SPDX-License-Identifier: Apache-2.0
/**
 * The lines of a console that were loaded so far: a part without gaps that grows at both ends. A console may have millions of
 * lines, so they are kept in chunks, and an index finds the chunk of a line.
 */
import {overwritten} from './terminal.js';

/** @typedef {{timestamp: number, msg: string}} Report */

export class ConsoleLines {
  /** @type {{texts: string[], times: number[]}[]} */
  #chunks = [];
  /** @type {number[]} the number of the first line of each chunk */
  #starts = [];
  #open = false;
  /** How many lines there are. */
  length = 0;
  /** The time of the first and the last report, milliseconds. */
  first = 0;
  last = 0;
  /** How many reports have the time of the last one. */
  atLast = 0;
  /** How many reports there are. */
  reports = 0;

  /**
   * @param {number} index
   * @returns {{text: string, time: number}}
   */
  line(index) {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const chunk = this.#chunks[low];
    const at = index - this.#starts[low];
    return {text: chunk.texts[at], time: chunk.times[at]};
  }

  /**
   * Adds older reports, the oldest first.
   *
   * @param {Report[]} reports
   * @returns {number} how many lines were added
   */
  prepend(reports) {
    const before = this.length;
    const chunk = {texts: [], times: []};
    let open = false;
    for (const report of reports) {
      open = this.#add(chunk, report, open);
    }
    this.#chunks.unshift(chunk);
    this.#count(reports.length);
    this.first = reports[0]?.timestamp ?? this.first;
    if (!this.last) {
      this.#noteLast(reports);
      this.#open = open;
    }
    return this.length - before;
  }

  /**
   * Adds newer reports, the oldest first.
   *
   * @param {Report[]} reports
   */
  append(reports) {
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.texts.length > 10000) {
      chunk = {texts: [], times: []};
      this.#chunks.push(chunk);
      this.#open = false;
    }
    for (const report of reports) {
      this.#open = this.#add(chunk, report, this.#open);
    }
    this.first ||= reports[0]?.timestamp ?? 0;
    this.#count(reports.length);
    this.#noteLast(reports);
  }

  #count(reports) {
    this.reports += reports;
    this.#starts = [];
    this.length = 0;
    for (const chunk of this.#chunks) {
      this.#starts.push(this.length);
      this.length += chunk.texts.length;
    }
  }

  #noteLast(reports) {
    const newest = reports.at(-1)?.timestamp;
    if (newest !== undefined) {
      const same = reports.filter(report => report.timestamp === newest).length;
      this.atLast = newest === this.last ? this.atLast + same : same;
      this.last = newest;
    }
  }

  /** Adds one report; whether its last line may be written over by the next one. */
  #add(chunk, {msg, timestamp}, open) {
    const parts = msg.split('\n');
    if (parts.length > 1 && parts.at(-1) === '') {
      parts.pop();
    }
    parts.forEach((part, i) => {
      const text = part.endsWith('\r') && i < parts.length - 1 ? part.slice(0, -1) : part;
      const replaces = i === 0 && chunk.texts.length > 0 && (open || text.startsWith('\r'));
      if (replaces) {
        chunk.texts[chunk.texts.length - 1] = overwritten(chunk.texts.at(-1) + '\r' + text);
      } else {
        chunk.texts.push(overwritten(text));
        chunk.times.push(timestamp);
      }
    });
    return !msg.endsWith('\n') && msg.endsWith('\r');
  }
}
