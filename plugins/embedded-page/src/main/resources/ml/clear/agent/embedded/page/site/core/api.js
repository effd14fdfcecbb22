// SPDX-License-Identifier: Apache-2.0
/** Calls of the server. The browser sends the cookie of the session; changes also need the token of the page. */

/** An answer that is an error. */
export class CallError extends Error {
  /**
   * @param {number} status the HTTP status
   * @param {string} message what the server says
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const JSON_TYPE = {'Content-Type': 'application/json'};
let pageToken = '';
/** @type {() => void} */
let onLoggedOut = () => {};

/** @param {() => void} handler called when the session has ended */
export function whenLoggedOut(handler) {
  onLoggedOut = handler;
}

/**
 * Starts a session.
 *
 * @param {object} credentials `{access_key, secret_key}`, `{token}`, or nothing where the server knows its own user
 * @throws {CallError} when the server refuses
 */
export async function logIn(credentials = {}) {
  const response = await send('/page/session', credentials, JSON_TYPE);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new CallError(response.status, answer.message ?? 'the server refuses to log in');
  }
  pageToken = answer.page_token;
}

/** Continues the session of the cookie, or starts one where no credentials are needed; whether that is possible. */
export async function resume() {
  try {
    await logIn();
    return true;
  } catch (error) {
    if (error.status === 0) {
      throw error;
    }
    return false;
  }
}

/** Ends the session. */
export async function logOut() {
  await call('auth.logout');
  pageToken = '';
  onLoggedOut();
}

/**
 * Calls the API.
 *
 * @param {string} name service and action, such as `tasks.get_all`
 * @param {object} body the arguments
 * @returns {Promise<any>} the data of the answer
 * @throws {CallError} when the server refuses or does not answer
 */
export async function call(name, body = {}) {
  let response = await post(name, body);
  if ((response.status === 401 || response.status === 403) && (await resume())) {
    response = await post(name, body);
  }
  const answer = await response.json().catch(() => null);
  if (response.status === 401) {
    onLoggedOut();
  }
  if (!response.ok || !answer) {
    throw new CallError(response.status, answer?.meta?.result_msg ?? `the server answered with ${response.status}`);
  }
  return answer.data;
}

/** @param {string} name @param {object} body */
function post(name, body) {
  return send('/' + name, body, {...JSON_TYPE, 'X-ClearML-Page-Token': pageToken});
}

/** @param {string} path @param {object} body @param {Record<string, string>} headers */
async function send(path, body, headers) {
  try {
    return await fetch(path, {method: 'POST', headers, body: JSON.stringify(body), credentials: 'same-origin'});
  } catch {
    throw new CallError(0, 'the server does not answer');
  }
}

/**
 * The path of a file that this server stores, when an address names one; the server may be called by another name.
 *
 * @param {string} address
 * @returns {string | undefined}
 */
export function ownFile(address) {
  try {
    const url = new URL(address);
    const loopback = ['127.0.0.1', 'localhost', '[::1]'];
    const same = url.hostname === location.hostname || loopback.includes(url.hostname);
    return same && url.port === location.port && url.pathname.startsWith('/files/') ? url.pathname : undefined;
  } catch {
    return undefined;
  }
}
