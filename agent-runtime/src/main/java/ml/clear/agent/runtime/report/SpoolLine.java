// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

/**
 * One line of a task's console, ready to be shown: decoded, in its last state, secrets masked.
 *
 * @param text the line without its end; may hold line ends when carriage returns count as such
 * @param end the place after it in the spool
 */
record SpoolLine(String text, SpoolPosition end) {}
