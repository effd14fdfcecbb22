// SPDX-License-Identifier: Apache-2.0
/**
 * What every package manager for Python needs: reading requirements, finding interpreters, making and moving virtual
 * environments.
 */
@NullMarked
package ml.clear.agent.plugin.pythonsupport;

import org.jspecify.annotations.NullMarked;
