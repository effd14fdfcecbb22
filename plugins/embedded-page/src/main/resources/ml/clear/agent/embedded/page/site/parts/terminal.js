// SPDX-License-Identifier: Apache-2.0
/** What a terminal shows of a line: colours, and progress bars that are written over. */

const ESCAPE = /\x1b\[([0-9;:]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]|[\x00-\x08\x0b\x0c\x0e-\x1a\x7f]/g;
const ERASE = /\x1b\[[02]?K/;
const STEPS = [0, 95, 135, 175, 215, 255];

/** @param {string} text */
export function plain(text) {
  return text.includes('\x1b') ? text.replace(ESCAPE, '') : text;
}

/**
 * The end of a line that was written over after carriage returns.
 *
 * @param {string} line
 */
export function overwritten(line) {
  if (!line.includes('\r')) {
    return line;
  }
  let shown = '';
  for (const part of line.split('\r')) {
    if (part !== '') {
      const rest = ERASE.test(part) ? '' : plain(shown).slice(plain(part).length);
      shown = part + rest;
    }
  }
  return shown;
}

/** @param {number} index of the 256 colours above the sixteen named ones */
function cube(index) {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const at = index - 16;
  return `rgb(${STEPS[Math.floor(at / 36)]}, ${STEPS[Math.floor(at / 6) % 6]}, ${STEPS[at % 6]})`;
}

/**
 * @typedef {object} Segment
 * @property {string} text
 * @property {string} classes
 * @property {string} style
 */

/** The colours and weights at a place of a line. */
class Pen {
  marks = new Set();
  ink = '';
  paper = '';

  /** @param {string} codes of a "select graphic rendition" sequence */
  apply(codes) {
    const list = (codes || '0').split(/[;:]/).map(Number);
    for (let i = 0; i < list.length; i++) {
      const code = list[i];
      if (code === 38 || code === 48) {
        const [colour, used] = this.#extended(list.slice(i + 1));
        this[code === 38 ? 'ink' : 'paper'] = colour;
        i += used;
      } else {
        this.#simple(code);
      }
    }
  }

  #extended([kind, ...rest]) {
    if (kind === 5) {
      return [rest[0] < 16 ? `var(--ansi-${rest[0]})` : cube(rest[0]), 2];
    }
    return kind === 2 ? [`rgb(${rest[0]}, ${rest[1]}, ${rest[2]})`, 4] : ['', 1];
  }

  #simple(code) {
    const marks = {1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'struck'};
    const ends = {22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'], 27: ['inverse'], 29: ['struck']};
    if (code === 0) {
      this.marks.clear();
      this.ink = this.paper = '';
    } else if (marks[code]) {
      this.marks.add(marks[code]);
    } else if (ends[code]) {
      ends[code].forEach(mark => this.marks.delete(mark));
    } else if (code === 39) {
      this.ink = '';
    } else if (code === 49) {
      this.paper = '';
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      this.ink = `var(--ansi-${code >= 90 ? code - 82 : code - 30})`;
    } else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
      this.paper = `var(--ansi-${code >= 100 ? code - 92 : code - 40})`;
    }
  }

  /** @param {string} text @returns {Segment} */
  segment(text) {
    const style = (this.ink ? `color: ${this.ink};` : '') + (this.paper ? `background: ${this.paper};` : '');
    return {text, classes: [...this.marks].join(' '), style};
  }
}

/**
 * @param {string} line without carriage returns
 * @returns {Segment[]} parts of one colour
 */
export function segments(line) {
  if (!line.includes('\x1b')) {
    return [{text: line, classes: '', style: ''}];
  }
  const pen = new Pen();
  const found = [];
  let from = 0;
  for (const match of line.matchAll(ESCAPE)) {
    if (match.index > from) {
      found.push(pen.segment(line.slice(from, match.index)));
    }
    if (match[1] !== undefined) {
      pen.apply(match[1]);
    }
    from = match.index + match[0].length;
  }
  if (from < line.length) {
    found.push(pen.segment(line.slice(from)));
  }
  return found;
}
