// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.lang.module.FindException;
import java.lang.module.ResolutionException;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.zip.ZipException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.plugins.ExceptionSummary;
import ml.clear.agent.runtime.plugins.FailedMethod;
import org.jspecify.annotations.Nullable;

/** Explains in one line what is wrong with a plugin and what to do, for anything that was thrown. */
final class Reasons {

    private static final String REPLACE = "install a version of the plugin that works, or remove it";

    private Reasons() {}

    /** A refusal that already says what to do. */
    static AgentException refused(String cause, String remedy) {
        return new AgentException(ErrorCode.PLUGIN_UNUSABLE, cause + "; " + remedy);
    }

    /** A refusal that only a new version of the plugin can mend. */
    static AgentException refused(String cause) {
        return refused(cause, REPLACE);
    }

    /** The reason for what was thrown while a plugin was opened; always one line. */
    static String of(Throwable thrown) {
        return ExceptionSummary.oneLine(thrown instanceof AgentException known ? text(known) : unexpected(thrown));
    }

    /** A file that is no archive, or cannot be read. */
    static AgentException unreadable(String file, Exception e) {
        Throwable root = root(e);
        if (root instanceof ZipException || root instanceof java.util.jar.JarException) {
            return refused("'" + file + "' is corrupt: " + text(root), "copy it again");
        }
        if (newerThanThisJava(root)) {
            return refused("'" + file + "' needs a newer Java: " + text(root), newerJava());
        }
        return refused(
                "'" + file + "' cannot be read: " + ExceptionSummary.describe(root),
                "check the file and its permissions");
    }

    private static String unexpected(Throwable thrown) {
        Throwable root = root(thrown);
        Optional<String> mismatch = ExceptionSummary.versionMismatch(root);
        if (mismatch.isPresent()) {
            return mismatch.get() + "; install a version of the plugin that fits this agent";
        }
        return switch (root) {
            case UnsupportedClassVersionError error -> text(error) + "; " + newerJava();
            case NoClassDefFoundError error ->
                "class '" + text(error).replace('/', '.') + "' is missing; add its jar to the plugin's lib folder";
            case ClassNotFoundException error ->
                "class '" + text(error) + "' is missing; add its jar to the plugin's lib folder";
            case ServiceConfigurationError error -> provider(error) + "; " + REPLACE;
            case FindException error -> "its modules cannot be read: " + text(error) + "; " + REPLACE;
            case ResolutionException error -> "its modules do not fit together: " + text(error) + "; " + REPLACE;
            case LayerInstantiationException error ->
                "its modules do not fit together: " + text(error) + "; " + REPLACE;
            default -> subject(thrown) + ExceptionSummary.describe(root) + "; " + REPLACE;
        };
    }

    private static String subject(Throwable thrown) {
        return switch (thrown) {
            case ServiceConfigurationError error -> provider(error) + ": ";
            case FailedMethod failed -> failed.method() + " threw ";
            default -> "it threw ";
        };
    }

    /** "service: Provider x.Y not found" without the name of the service, which is always the same. */
    private static String provider(ServiceConfigurationError error) {
        String text = text(error);
        int colon = text.indexOf(": ");
        return colon < 0 ? text : text.substring(colon + 2).replaceFirst("^Provider (\\S+)", "provider '$1'");
    }

    private static boolean newerThanThisJava(Throwable root) {
        return root instanceof UnsupportedClassVersionError || text(root).startsWith("Unsupported major.minor version");
    }

    private static String newerJava() {
        return "this agent runs on Java " + Runtime.version().feature()
                + ": install a version of the plugin that was built for it";
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        for (@Nullable Throwable next = root; next != null; next = next.getCause()) {
            root = next;
        }
        return root;
    }

    /** The message of the innermost cause. */
    static String rootMessage(Throwable thrown) {
        return ExceptionSummary.oneLine(text(root(thrown)));
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getName() : message;
    }
}
