// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.report;

/**
 * One line of a task's console, or a piece of a line, ready to be shown: decoded, in its last state, secrets masked.
 *
 * @param text the line without its end; may hold line ends when carriage returns count as such
 * @param ended whether the line ends here; not when the next one continues it
 * @param end the place after it in the spool
 */
record SpoolLine(String text, boolean ended, SpoolPosition end) {

    /** The text as it stands in the console. */
    String shown() {
        return ended ? text + "\n" : text;
    }
}
