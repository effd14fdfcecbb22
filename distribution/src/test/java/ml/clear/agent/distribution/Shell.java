// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Starts commands and waits for them; the environment is this test's own without the variables that the launcher reads. */
final class Shell {

    private static final long LONGEST_SECONDS = 900;
    private static final long POLL_MILLIS = 10;

    private final Path folder;
    private final Map<String, String> variables;
    private final Set<String> removed;

    private Shell(Path folder, Map<String, String> variables, Set<String> removed) {
        this.folder = folder;
        this.variables = variables;
        this.removed = removed;
    }

    /** A shell whose commands start in {@code folder}. */
    static Shell in(Path folder) {
        return new Shell(folder, Map.of(), Set.of());
    }

    Shell with(String name, String value) {
        var more = new HashMap<>(variables);
        more.put(name, value);
        return new Shell(folder, more, removed);
    }

    /** The same without a variable of this test's environment. */
    Shell without(String name) {
        var more = new HashSet<>(removed);
        more.add(name);
        return new Shell(folder, variables, more);
    }

    /** Runs a command to its end. */
    Finished run(String... command) {
        return start(List.of(command)).finish();
    }

    Started start(List<String> command) {
        try {
            Path out = Files.createTempFile("out", ".txt");
            Path err = Files.createTempFile("err", ".txt");
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            Map<String, String> environment = builder.environment();
            environment
                    .keySet()
                    .removeIf(name ->
                            name.startsWith("CLEARML_") || name.endsWith("_OPTIONS") || name.equals("CLASSPATH"));
            environment.keySet().removeAll(removed);
            environment.putAll(variables);
            return new Started(builder.start(), new ArrayList<>(command), out, err);
        } catch (IOException e) {
            throw new AssertionError("cannot start " + command, e);
        }
    }

    /** A command under way. */
    record Started(Process process, List<String> command, Path out, Path err) {

        /** What it has written to its standard output so far. */
        String outSoFar() {
            try {
                // it may end within a character
                return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new AssertionError("cannot read the output of " + command, e);
            }
        }

        /** Waits until the output so far is as wanted. */
        void await(Predicate<String> wanted) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
            while (!wanted.test(outSoFar())) {
                assertThat(process.isAlive())
                        .as(() -> command + " has ended before its time:\n" + finish())
                        .isTrue();
                assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
                Thread.sleep(POLL_MILLIS);
            }
        }

        Finished finish() {
            try {
                if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " has not ended after " + LONGEST_SECONDS + " seconds");
                }
                return new Finished(process.exitValue(), read(out), read(err));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + command, e);
            } catch (IOException e) {
                throw new AssertionError("cannot read the output of " + command, e);
            }
        }

        private static String read(Path file) throws IOException {
            String text = Files.readString(file);
            Files.delete(file);
            return text;
        }
    }

    /** How a command ended. */
    record Finished(int status, String out, String err) {}
}
