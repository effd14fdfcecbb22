// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import ml.clear.agent.api.Stability;

/**
 * What the owner of a task reads in its console while the agent prepares it.
 *
 * <p>Safe for several threads. Secrets that the agent knows are masked on the way.
 */
@Stability.Incubating(since = "0.1")
@FunctionalInterface
public interface Console {

    /**
     * Write one line.
     *
     * @param text the line, without its end
     */
    void line(String text);

    /**
     * Show a line that has begun and not ended, such as a progress bar or a question. Each call replaces the state before; the
     * next {@link #line} replaces the last state. A console that cannot show it waits for the whole line.
     *
     * @param text the state of the line
     */
    default void unfinished(String text) {}

    /**
     * Show what is being done now, such as {@code cloning 45%}: on a terminal one moving line with the time that it takes, which
     * every other line goes above; nothing in a log or on the server. The next call replaces it.
     *
     * @param text a few words; empty when nothing takes long any more
     */
    default void progress(String text) {}
}
