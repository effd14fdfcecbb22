// SPDX-License-Identifier: Apache-2.0
/** The frame of the page: the session, the navigation, and the view that the address names. */
import {html, render} from './library/lit-html/lit-html.js';
import {logIn, resume, whenLoggedOut} from './core/api.js';
import {drawWith, redraw} from './core/draw.js';
import {current, go, listen, modelsPath, tasksPath} from './core/router.js';
import {toasts} from './parts/toast.js';
import {Compare} from './views/compare.js';
import {Login} from './views/login.js';
import {Model} from './views/model.js';
import {Models} from './views/models.js';
import {Settings} from './views/settings.js';
import {Task} from './views/task.js';
import {Tasks} from './views/tasks.js';
import {Workers} from './views/workers.js';

const VIEWS = {
  tasks: Tasks,
  task: Task,
  compare: Compare,
  models: Models,
  model: Model,
  workers: Workers,
  settings: Settings,
  login: Login,
};

/** @type {any} */
let view;
let shown = '';
let loggedIn = false;

/** What makes a view another one; other parts of the route change what the same view shows. */
function identity(route) {
  return [route.view, route.task ?? route.model ?? route.ids?.join() ?? ''].join(' ');
}

function show() {
  const route = loggedIn ? current() : {view: 'login', query: new URLSearchParams()};
  if (loggedIn && (location.pathname === '/' || route.view === 'login')) {
    go(tasksPath(), {replace: true});
    return;
  }
  const wanted = identity(route);
  if (wanted !== shown) {
    view?.stop?.();
    shown = wanted;
    view = new VIEWS[route.view](route, entered);
    view.start?.();
    scrollTo(0, 0);
  } else {
    view.change?.(route);
  }
  redraw();
}

function entered() {
  loggedIn = true;
  show();
}

/** @param {string} path @param {string} title @param {boolean} here */
function entry(path, title, here) {
  return html`<a href=${path} aria-current=${here ? 'page' : 'false'}>${title}</a>`;
}

function draw() {
  const at = loggedIn ? current().view : 'login';
  document.title = view?.title?.() ?? 'ClearML';
  render(html`
    <a class="skip" href="#main">Skip to content</a>
    <header class="top">
      <a class="brand" href=${tasksPath()}><img src="/page/icon.svg" alt="" width="24" height="24"><span>ClearML</span></a>
      ${loggedIn ? html`<nav aria-label="Main">
        ${entry(tasksPath(), 'Tasks', at === 'tasks' || at === 'task' || at === 'compare')}
        ${entry(modelsPath(), 'Models', at === 'models' || at === 'model')}
        ${entry('/workers-and-queues', 'Workers', at === 'workers')}
        ${entry('/settings', 'Settings', at === 'settings')}
      </nav>` : ''}
    </header>
    <main id="main" tabindex="-1">${view?.render() ?? ''}</main>
    ${toasts()}`, document.getElementById('app'));
  view?.drawn?.();
}

async function start() {
  drawWith(draw);
  listen(show);
  whenLoggedOut(() => {
    loggedIn = false;
    show();
  });
  const token = location.pathname === '/login' ? location.hash.slice(1) : '';
  if (token) {
    history.replaceState(null, '', '/login');
    loggedIn = await logIn({token}).then(() => true, () => false);
  }
  loggedIn ||= await resume().catch(() => false);
  show();
}

start();
