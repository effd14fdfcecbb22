// SPDX-License-Identifier: Apache-2.0
/** Objects on Google Cloud Storage. */
@NullMarked
package ml.clear.agent.plugin.storagegcs;

import org.jspecify.annotations.NullMarked;
