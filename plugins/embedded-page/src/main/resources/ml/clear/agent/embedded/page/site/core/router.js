// SPDX-License-Identifier: Apache-2.0
/** The addresses of the page, which are those of ClearML's web application. */

/**
 * @typedef {object} Route
 * @property {'tasks' | 'task' | 'compare' | 'models' | 'model' | 'workers' | 'settings' | 'login'} view
 * @property {string} [project] the id, `*` for all
 * @property {string} [task]
 * @property {string} [model]
 * @property {string} [tab]
 * @property {string[]} [ids] the tasks to compare
 * @property {URLSearchParams} query
 */

/** The tabs of a task, each with its path below the task and the beginnings of other paths that mean it. */
export const TABS = [
  {id: 'console', title: 'Console', path: 'output/log', also: ['info-output/log']},
  {id: 'scalars', title: 'Scalars', path: 'output/metrics/scalar', also: ['info-output/metrics/scalar']},
  {id: 'plots', title: 'Plots', path: 'output/metrics/plots', also: ['info-output/metrics/plots']},
  {id: 'images', title: 'Images', path: 'output/debugImages', also: ['info-output/debugImages']},
  {id: 'parameters', title: 'Parameters', path: 'hyper-params/hyper-param', also: ['hyper-params']},
  {id: 'configuration', title: 'Configuration', path: 'hyper-params/configuration', also: []},
  {id: 'artifacts', title: 'Artifacts', path: 'artifacts', also: ['models']},
  {id: 'code', title: 'Code', path: 'execution', also: []},
  {id: 'info', title: 'Info', path: 'general', also: ['info']},
];

/** @type {() => void} */
let onChange = () => {};

/** @param {string} rest the path below a task */
function tab(rest) {
  const longest = TABS.flatMap(each => [each.path, ...each.also].map(path => ({id: each.id, path})))
      .filter(each => rest === each.path || rest.startsWith(each.path + '/'))
      .sort((a, b) => b.path.length - a.path.length)[0];
  return longest ? longest.id : 'console';
}

/**
 * @param {string} path
 * @param {string} search
 * @returns {Route}
 */
export function parse(path, search) {
  const query = new URLSearchParams(search);
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const [first, ...rest] = parts;
  const at = parts.findIndex(part => part === 'tasks' || part === 'experiments');
  if (first === 'workers-and-queues') {
    return {view: 'workers', query};
  }
  if (first === 'settings' || first === 'login') {
    return {view: first, query};
  }
  const compared = parts.map(part => /^compare-(?:tasks|experiments);ids=([0-9a-f,]+)/.exec(part)).find(Boolean);
  if (compared) {
    return {view: 'compare', project: rest[0], ids: compared[1].split(',').slice(0, 10), tab: parts.at(-1), query};
  }
  const project = at > 0 ? parts[at - 1] : (first === 'projects' && rest[0]) || '*';
  if (at >= 0 && parts[at + 1]) {
    return {view: 'task', project, task: parts[at + 1], tab: tab(parts.slice(at + 2).join('/')), query};
  }
  const models = at < 0 ? parts.indexOf('models') : -1;
  if (models > 0) {
    const model = parts[models + 1];
    return model ? {view: 'model', project: parts[models - 1], model, query} : {view: 'models', project: parts[models - 1], query};
  }
  return {view: 'tasks', project, query};
}

/** @returns {Route} where the browser is */
export function current() {
  return parse(location.pathname, location.search);
}

/** @param {string} [project] @param {string} [query] */
export function tasksPath(project = '*', query = '') {
  return `/projects/${project}/tasks${query ? '?' + query : ''}`;
}

/** @param {string | undefined} project @param {string} task @param {string} [id] the tab */
export function taskPath(project, task, id = 'console') {
  return `/projects/${project || '*'}/tasks/${task}/${TABS.find(each => each.id === id)?.path}`;
}

/** @param {string} [project] @param {string} [query] */
export function modelsPath(project = '*', query = '') {
  return `/projects/${project}/models${query ? '?' + query : ''}`;
}

/** @param {string | undefined} project @param {string} model */
export function modelPath(project, model) {
  return `/projects/${project || '*'}/models/${model}/general`;
}

/** @param {string[]} ids @param {string} [part] */
export function comparePath(ids, part = 'scalars') {
  return `/projects/*/compare-tasks;ids=${ids.join(',')}/${part}`;
}

/**
 * Goes to an address of the page.
 *
 * @param {string} path
 * @param {{replace?: boolean}} [options] whether the present address is left out of the history
 */
export function go(path, {replace = false} = {}) {
  if (path === location.pathname + location.search) {
    return;
  }
  history[replace ? 'replaceState' : 'pushState'](null, '', path);
  onChange();
}

/** @param {() => void} handler called when the address has changed */
export function listen(handler) {
  onChange = handler;
  addEventListener('popstate', handler);
  document.addEventListener('click', event => {
    const link = /** @type {Element} */ (event.target).closest?.('a[href]');
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link && plain && !link.hasAttribute('download') && !link.hasAttribute('target')
        && link.origin === location.origin && !link.pathname.startsWith('/files/') && !link.hash) {
      event.preventDefault();
      go(link.pathname + link.search);
    }
  });
}
