// SPDX-License-Identifier: Apache-2.0
/** Installing lists of requirements: order, plans, identity, activation; what differs among programs is an installer. */
@NullMarked
package ml.clear.agent.plugin.pythonsupport.install;

import org.jspecify.annotations.NullMarked;
