// SPDX-License-Identifier: Apache-2.0
/** The tree of projects. */
import {call} from './api.js';

/** @typedef {{id: string, name: string, basename: string, depth: number}} Project */

/** @returns {Promise<Project[]>} parents before their children */
export async function projects() {
  const {projects: found} = await call('projects.get_all', {
    only_fields: ['id', 'name', 'basename'],
    order_by: ['name'],
    page: 0,
    page_size: 500,
  });
  return found.map(project => ({...project, depth: project.name.split('/').length - 1}));
}
