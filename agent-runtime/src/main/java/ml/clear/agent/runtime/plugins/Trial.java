// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

/**
 * What came of making one contribution of a plugin with the present configuration.
 *
 * @param title the contribution, such as {@code executor 'slurm'}
 * @param problem why it cannot be made; empty when it can
 */
public record Trial(String title, String problem) {}
