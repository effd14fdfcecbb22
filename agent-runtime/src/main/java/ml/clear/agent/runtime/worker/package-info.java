// SPDX-License-Identifier: Apache-2.0
/** The daemon: who the worker is, which task is next, who supervises what runs, what is reported. */
@NullMarked
package ml.clear.agent.runtime.worker;

import org.jspecify.annotations.NullMarked;
