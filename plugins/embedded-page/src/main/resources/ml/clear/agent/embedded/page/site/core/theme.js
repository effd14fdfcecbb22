// SPDX-License-Identifier: Apache-2.0
/** The colours follow the system. */

const dark = matchMedia('(prefers-color-scheme: dark)');

export function isDark() {
  return dark.matches;
}

/**
 * @param {() => void} handler called when the system changes between light and dark
 * @returns {() => void} ends it
 */
export function onThemeChange(handler) {
  dark.addEventListener('change', handler);
  return () => dark.removeEventListener('change', handler);
}
