// SPDX-License-Identifier: Apache-2.0
/** Objects on S3 and on servers that speak its protocol. */
@NullMarked
package ml.clear.agent.plugin.storages3;

import org.jspecify.annotations.NullMarked;
