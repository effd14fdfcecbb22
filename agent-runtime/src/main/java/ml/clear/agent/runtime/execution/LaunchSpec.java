// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A task's process to start under a keeper.
 *
 * @param interpreter the Python, 3.6 or newer, that runs the keeper; it needs no more than its standard library
 * @param arguments the program and its arguments; a program without a slash is looked up in the {@code PATH} of
 *     {@code environment}
 * @param directory where it runs
 * @param environment everything it gets; nothing is inherited
 * @param user the user of the system that it runs as; empty for that of the keeper
 * @param spoolLimit how many bytes of output may wait on the disk, at least 1 MiB; more is dropped and marked
 * @param drain how long output of processes that the task left behind is still taken after its end
 */
public record LaunchSpec(
        Path interpreter,
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        String user,
        long spoolLimit,
        Duration drain) {

    private static final long SMALLEST_SPOOL = 1 << 20;

    /** Copies the collections and checks. */
    public LaunchSpec {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a task's process needs at least the name of a program");
        }
        if (spoolLimit < SMALLEST_SPOOL) {
            throw new IllegalArgumentException("the spool needs at least 1 MiB, got '" + spoolLimit + "' bytes");
        }
        if (drain.isNegative()) {
            throw new IllegalArgumentException("the time to drain cannot be negative, got '" + drain + "'");
        }
        arguments.forEach(LaunchSpec::refuseNul);
        refuseNul(user);
        environment.forEach((name, value) -> {
            refuseNul(name);
            refuseNul(value);
            if (name.isEmpty() || name.contains("=")) {
                throw new IllegalArgumentException("'" + name + "' cannot be the name of a variable");
            }
        });
    }

    /** Start describing a process. */
    public static Builder of(Path interpreter, List<String> arguments) {
        return new Builder(interpreter, arguments);
    }

    /** What the keeper reads: NUL-terminated fields, which no argument and no variable can break. */
    byte[] encoded(Map<String, String> more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        arguments.forEach(argument -> field(out, "argument", argument));
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        all.forEach((name, value) -> field(out, "variable", name + "=" + value));
        field(out, "directory", directory.toAbsolutePath().toString());
        if (!user.isEmpty()) {
            field(out, "user", user);
        }
        field(out, "spoolLimit", Long.toString(spoolLimit));
        field(out, "drainMillis", Long.toString(drain.toMillis()));
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        out.writeBytes((name + "=" + value).getBytes(StandardCharsets.UTF_8));
        out.write(0);
    }

    private static void refuseNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a process takes no NUL character in its arguments and variables");
        }
    }

    /** Shows no variable's value: they hold secrets. */
    @Override
    public String toString() {
        return "LaunchSpec[program=" + arguments.getFirst() + ", directory=" + directory + "]";
    }

    /** Collects the parts; not for several threads. */
    public static final class Builder {

        private final Path interpreter;
        private final List<String> arguments;
        private Path directory = Path.of("/");
        private Map<String, String> environment = Map.of();
        private String user = "";
        private long spoolLimit = 4L << 30;
        private Duration drain = Duration.ofSeconds(2);

        private Builder(Path interpreter, List<String> arguments) {
            this.interpreter = interpreter;
            this.arguments = arguments;
        }

        /** Run in this folder; {@code /} unless set. */
        public Builder directory(Path folder) {
            this.directory = folder;
            return this;
        }

        /** Give it exactly these variables; none unless set. */
        public Builder environment(Map<String, String> variables) {
            this.environment = variables;
            return this;
        }

        /** Run it as this user of the system, which the keeper must be allowed to become; its own unless set. */
        public Builder user(String name) {
            this.user = name;
            return this;
        }

        /** Let at most this many bytes of output wait on the disk; 4 GiB unless set. */
        public Builder spoolLimit(long bytes) {
            this.spoolLimit = bytes;
            return this;
        }

        /** Take output of processes left behind for this long; 2 seconds unless set. */
        public Builder drain(Duration time) {
            this.drain = time;
            return this;
        }

        /** The process to start. */
        public LaunchSpec build() {
            return new LaunchSpec(interpreter, arguments, directory, environment, user, spoolLimit, drain);
        }
    }
}
