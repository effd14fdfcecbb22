// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.Optional;

/** Describes in one line what a plugin threw. */
public final class ExceptionSummary {

    private static final String API = "ml.clear.agent.api.";

    private ExceptionSummary() {}

    /** The class and the message; what class files of different versions cause is explained instead. */
    public static String describe(Throwable thrown) {
        return versionMismatch(thrown).orElseGet(() -> plain(thrown));
    }

    /** What went wrong when the plugin and this agent, or the plugin and its libraries, are of different versions. */
    public static Optional<String> versionMismatch(Throwable thrown) {
        String message = oneLine(String.valueOf(thrown.getMessage())).replace('/', '.');
        boolean api = message.contains(API);
        return switch (thrown) {
            case AbstractMethodError _
            when api -> Optional.of("it was built for an older version of the agent's API: " + message);
            case IncompatibleClassChangeError _
            when api -> Optional.of("it was built for a newer version of the agent's API: this agent lacks " + message);
            case NoClassDefFoundError _
            when api ->
                Optional.of("it was built for a newer version of the agent's API: this agent lacks class '" + message
                        + "'");
            case IncompatibleClassChangeError _ ->
                Optional.of("it was built for another version of a library than its lib folder holds: " + message);
            default -> Optional.empty();
        };
    }

    /** A text without line ends. */
    public static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String plain(Throwable thrown) {
        String message = thrown.getMessage();
        return thrown.getClass().getName() + (message == null || message.isBlank() ? "" : ": " + oneLine(message));
    }
}
