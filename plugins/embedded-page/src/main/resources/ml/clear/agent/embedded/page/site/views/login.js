// SPDX-License-Identifier: Apache-2.0
import {html} from '../library/lit-html/lit-html.js';
import {logIn} from '../core/api.js';
import {redraw} from '../core/draw.js';

/** Asks for a key pair. */
export class Login {
  #entered;
  #problem = '';

  /** @param {unknown} _route @param {() => void} entered called after the login */
  constructor(_route, entered) {
    this.#entered = entered;
  }

  title() {
    return 'Log in · ClearML';
  }

  async #submit(event) {
    event.preventDefault();
    const fields = new FormData(event.target);
    try {
      await logIn({access_key: fields.get('access'), secret_key: fields.get('secret')});
      this.#entered();
    } catch (error) {
      this.#problem = error.message;
      redraw();
    }
  }

  render() {
    return html`<form class="login card" @submit=${event => this.#submit(event)}>
      <h1>Log in</h1>
      <label>Access key <input name="access" required autocomplete="username"></label>
      <label>Secret key <input name="secret" type="password" required autocomplete="current-password"></label>
      ${this.#problem ? html`<p class="problem" role="alert">${this.#problem}</p>` : ''}
      <button class="primary">Log in</button>
      <p class="hint">Or run <code>clearml-agent server status</code> in a terminal on the server's machine: it prints a
        link that logs in without a key.</p>
    </form>`;
  }
}
