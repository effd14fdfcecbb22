// SPDX-License-Identifier: Apache-2.0
/** The ClearML REST API; nothing above this package knows HTTP or JSON. */
@NullMarked
package ml.clear.agent.runtime.server;

import org.jspecify.annotations.NullMarked;
