// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration: found, read, merged, checked against the declarations, explained, and handed to tasks.
 *
 * <p>{@link ml.clear.agent.runtime.config.ConfigurationLoader} reads every source into one tree of nodes;
 * {@link ml.clear.agent.runtime.config.LoadedConfiguration#check} reads the values of the declared settings out of it.
 * The only package that knows the HOCON library.
 */
@NullMarked
package ml.clear.agent.runtime.config;

import org.jspecify.annotations.NullMarked;
