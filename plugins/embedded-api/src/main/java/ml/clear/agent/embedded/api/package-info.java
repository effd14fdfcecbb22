// SPDX-License-Identifier: Apache-2.0
/** Routes, one class of endpoints a service, and the files server. Entry: {@link EmbeddedServer}. */
@NullMarked
package ml.clear.agent.embedded.api;

import org.jspecify.annotations.NullMarked;
