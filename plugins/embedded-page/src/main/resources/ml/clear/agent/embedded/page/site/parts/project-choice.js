// SPDX-License-Identifier: Apache-2.0
/** The choice of a project: a tree beside a table, and a field above it where there is no room for the tree. */
import {html} from '../library/lit-html/lit-html.js';
import {go} from '../core/router.js';

/** @typedef {import('../core/projects.js').Project} Project */

/**
 * @param {Project[]} projects
 * @param {string} chosen the id, `*` for all
 * @param {string} all the title of the first entry
 * @param {(project: string) => string} path
 */
export function projectTree(projects, chosen, all, path) {
  const entry = ({id, basename, depth, name}) => html`<li><a href=${path(id)} class="depth-${Math.min(depth, 4)}"
    title=${name} aria-current=${id === chosen ? 'page' : 'false'}>${basename}</a></li>`;
  return html`<nav class="projects" aria-label="Projects">
    <h2>Projects</h2>
    <ul>${entry({id: '*', basename: all, depth: 0, name: ''})}${projects.map(entry)}</ul>
  </nav>`;
}

/**
 * @param {Project[]} projects
 * @param {string} chosen
 * @param {string} all
 * @param {(project: string) => string} path
 */
export function projectField(projects, chosen, all, path) {
  return html`<label class="project-choice"><span class="hidden">Project</span>
    <select @change=${event => go(path(event.target.value))}>
      <option value="*" ?selected=${chosen === '*'}>${all}</option>
      ${projects.map(({id, name}) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}
    </select></label>`;
}
