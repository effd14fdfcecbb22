// SPDX-License-Identifier: Apache-2.0
/** Long-lived services that the agent can start beside itself, such as a server. */
@NullMarked
package ml.clear.agent.api.service;

import org.jspecify.annotations.NullMarked;
