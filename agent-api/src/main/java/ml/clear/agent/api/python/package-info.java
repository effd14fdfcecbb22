// SPDX-License-Identifier: Apache-2.0
/** Python environments: what a task asks for, how a package manager answers. */
@NullMarked
package ml.clear.agent.api.python;

import org.jspecify.annotations.NullMarked;
