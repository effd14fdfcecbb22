// SPDX-License-Identifier: Apache-2.0
/** Objects as blobs of Azure Storage. */
@NullMarked
package ml.clear.agent.plugin.storageazure;

import org.jspecify.annotations.NullMarked;
