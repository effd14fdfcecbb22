// SPDX-License-Identifier: Apache-2.0
/** Draws the page again after a change, at most once a frame. */

/** @type {() => void} */
let draw = () => {};
let waiting = false;

/** @param {() => void} drawing */
export function drawWith(drawing) {
  draw = drawing;
}

/** Something has changed. */
export function redraw() {
  if (!waiting) {
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      draw();
    });
  }
}
