// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the global options of the command line say.
 *
 * @param configFile the configuration file to read instead of the usual ones; null for these
 * @param allowUnknownKeys whether unknown keys are warnings rather than errors
 */
public record AgentOptions(@Nullable Path configFile, boolean allowUnknownKeys) {}
