// SPDX-License-Identifier: Apache-2.0
/** Stores files on the files server of ClearML and reads them from any web server. */
@NullMarked
package ml.clear.agent.plugin.storagehttp;

import org.jspecify.annotations.NullMarked;
