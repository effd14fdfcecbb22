// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Notices a plugin that ends the process with {@code System.exit}. Java has no way to forbid that; a shutdown hook sees from
 * the stacks of all threads who asked for the end, reports it and makes the exit code an error.
 */
public final class PluginExit {

    private static final int EXIT_CODE = 1;
    private static final Duration OTHER_HOOKS = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;

    private static volatile boolean expected;

    private PluginExit() {}

    /** The agent itself ends the process from here on. */
    public static void expected() {
        expected = true;
    }

    /** Watch from now on. */
    static void watch() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(PluginExit::atShutdown, "plugin-exit"));
        } catch (IllegalStateException e) {
            // The process is about to end for another reason.
        }
    }

    /**
     * Which plugin asked for the end of the process, and where; to be called while the process shuts down.
     *
     * @return one line for users; empty when a signal or the agent itself ends the process
     */
    public static Optional<String> culprit() {
        Optional<Thread> exiting = expected ? Optional.empty() : exiting();
        return exiting.flatMap(PluginExit::blame)
                .map(who -> who + "; remove or disable the plugin, or install a version that does not");
    }

    private static void atShutdown() {
        Optional<String> culprit = culprit();
        if (culprit.isEmpty()) {
            return;
        }
        System.err.println("clearml-agent: error: " + culprit.get());
        if (!startingPlugin()) {
            awaitOtherHooks();
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    private static Optional<String> blame(Thread exiting) {
        return PluginScope.of(exiting)
                .map(scope -> scope.plugin() + " ended the process in " + scope.call() + " by System.exit")
                .or(() -> PluginScope.ownerOf(exiting)
                        .map(plugin -> plugin + " ended the process by System.exit in its thread '" + exiting.getName()
                                + "'"));
    }

    /** While plugins are started there is no task and nothing else to finish, and the command must not continue. */
    private static boolean startingPlugin() {
        return exiting()
                .flatMap(PluginScope::of)
                .filter(scope -> scope.call().equals(PluginScope.START))
                .isPresent();
    }

    /** The thread that called {@code exit}; a signal's thread does not come by this method. */
    private static Optional<Thread> exiting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().equals(Runtime.class.getName())
                                && frame.getMethodName().equals("exit")))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Waits for the other shutdown hooks, such as the final report of a task, up to a limit. */
    private static void awaitOtherHooks() {
        long end = System.nanoTime() + OTHER_HOOKS.toNanos();
        Thread exiting = exiting().orElse(null);
        try {
            while (System.nanoTime() < end
                    && Thread.getAllStackTraces().keySet().stream()
                            .anyMatch(thread -> !thread.isDaemon()
                                    && thread != Thread.currentThread()
                                    && thread != exiting
                                    && PluginScope.ownerOf(thread).isEmpty()
                                    && !thread.getName().equals("DestroyJavaVM"))) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
