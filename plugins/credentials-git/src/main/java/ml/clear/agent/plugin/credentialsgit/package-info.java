// SPDX-License-Identifier: Apache-2.0
/** Credentials for repositories, from the configuration and from the helpers of git. */
@NullMarked
package ml.clear.agent.plugin.credentialsgit;

import org.jspecify.annotations.NullMarked;
