// SPDX-License-Identifier: Apache-2.0
/**
 * Git repositories: mirrors that tasks share, working copies made from them, and patches.
 *
 * <p>Nothing of JGit is loaded before the first repository is asked for.
 */
@NullMarked
package ml.clear.agent.plugin.vcsgit;

import org.jspecify.annotations.NullMarked;
