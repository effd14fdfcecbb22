// SPDX-License-Identifier: Apache-2.0
/** The filters of a list, which are the query of its address. */
import {current, go} from './router.js';

/** How long typing must pause before the list is searched. */
const TYPING_MILLIS = 250;

export class ListQuery {
  #path;
  #typing = 0;

  /** @param {(query: string) => string} path the path of the list with a query */
  constructor(path) {
    this.#path = path;
  }

  /** @param {(query: URLSearchParams) => void} edit */
  edit(edit) {
    const query = new URLSearchParams(current().query);
    edit(query);
    go(this.#path(query.toString()), {replace: true});
  }

  /** @param {string} text */
  search(text) {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.edit(query => text ? query.set('search', text) : query.delete('search')), TYPING_MILLIS);
  }

  /**
   * Adds a word to a filter, or removes it.
   *
   * @param {string} name
   * @param {string} word
   * @param {boolean} on
   */
  filter(name, word, on) {
    this.edit(query => {
      const left = query.getAll(name).filter(each => each !== word);
      query.delete(name);
      [...left, ...(on ? [word] : [])].forEach(each => query.append(name, each));
    });
  }
}
