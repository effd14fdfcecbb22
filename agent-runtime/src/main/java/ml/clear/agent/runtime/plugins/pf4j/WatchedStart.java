// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Runs the start of a plugin in a separate thread, so that a start that hangs is abandoned after a limit. Its daemon
 * thread is left running, since Java cannot end a thread that ignores interruption.
 */
record WatchedStart(Duration limit) {

    /** Run a start; throws what it throws, or the reason for giving it up. */
    <T> T run(String plugin, Callable<T> start) throws Throwable {
        FutureTask<T> task = new FutureTask<>(start);
        Thread thread =
                Thread.ofPlatform().daemon().name("start of plugin " + plugin).start(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        } catch (TimeoutException e) {
            String where = place(thread);
            thread.interrupt();
            throw Reasons.refused("its start did not end within " + limit.toSeconds() + " seconds" + where);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw Reasons.refused("its start was interrupted", "run the command again");
        }
    }

    /** The uppermost frame outside of the JDK. */
    private static String place(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .filter(frame -> frame.getModuleName() == null || !HostView.isJdk(frame.getModuleName()))
                .findFirst()
                .map(frame -> "; it is in " + frame.getClassName() + "." + frame.getMethodName() + ", line "
                        + frame.getLineNumber())
                .orElse("");
    }
}
