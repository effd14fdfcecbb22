// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {ownFile} from '../core/api.js';

/**
 * The download of a file of this server; the address of any other one, as the page makes no request to other hosts.
 *
 * @param {string} uri
 */
export function download(uri) {
  const own = ownFile(uri);
  return own ? html`<a class="button" href=${own + '?download'} download=${decodeURIComponent(own.split('/').at(-1))}>Download</a>`
      : html`<code class="uri">${uri}</code>`;
}
