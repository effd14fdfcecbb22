// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {call, logOut} from '../core/api.js';
import {attempt} from '../core/actions.js';
import {redraw} from '../core/draw.js';

/** The server and its key pairs. */
export class Settings {
  #info = {};
  #keys = [];

  title() {
    return 'Settings · ClearML';
  }

  start() {
    return attempt(async () => {
      [this.#info, {credentials: this.#keys}] =
          await Promise.all([call('server.info'), call('auth.get_credentials')]);
      redraw();
    });
  }

  render() {
    const address = location.origin;
    return html`<div class="narrow">
      <h1>Settings</h1>
      <section class="card"><h2>Server</h2>
        <dl class="facts">
          <dt>API</dt><dd><code>${address}</code></dd>
          <dt>Files</dt><dd><code>${address}/files</code></dd>
          <dt>API version</dt><dd>${this.#info.api_version ?? ''}</dd>
        </dl></section>
      <section class="card"><h2>Key pairs</h2>
        <p>Programs use a key pair in <code>clearml.conf</code>. Make one on the server's machine with
          <code>clearml-agent server credentials create --label TEXT</code>.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Key pairs"><table class="plain">
          <thead><tr><th>Access key</th><th>Label</th></tr></thead>
          <tbody>${this.#keys.map(key => html`<tr><td><code>${key.access_key}</code></td><td>${key.label}</td></tr>`)}</tbody>
        </table></div></section>
      <button @click=${() => attempt(logOut)}>Log out</button>
    </div>`;
  }
}
