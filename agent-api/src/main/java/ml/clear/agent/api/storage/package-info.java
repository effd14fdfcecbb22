// SPDX-License-Identifier: Apache-2.0
/** Objects under addresses such as {@code s3://bucket/key}: what a backend of a store does for the agent. */
@NullMarked
package ml.clear.agent.api.storage;

import org.jspecify.annotations.NullMarked;
