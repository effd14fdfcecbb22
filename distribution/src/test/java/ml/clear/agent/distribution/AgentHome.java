// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A home folder in which nothing is configured, with a folder for temporary files beside it. What the agent leaves running in
 * it, its server, is ended when this is closed.
 */
final class AgentHome implements AutoCloseable {

    private final Installation installation;
    private final Path home;
    private final Path temporary;
    private final Shell shell;

    private AgentHome(Installation installation, Path home, Path temporary, Shell shell) {
        this.installation = installation;
        this.home = home;
        this.temporary = temporary;
        this.shell = shell;
    }

    /** An empty home in {@code folder}. */
    static AgentHome emptyIn(Path folder, Installation installation) {
        try {
            Path home = Files.createDirectories(folder.resolve("home"));
            Path temporary = Files.createDirectories(folder.resolve("tmp"));
            Shell shell = Shell.in(folder)
                    .with("HOME", home.toString())
                    .with("CLEARML_AGENT_AOT", "use") // nothing is made in the background
                    .with("TMPDIR", temporary.toString())
                    .with("XDG_CACHE_HOME", home.resolve(".cache").toString())
                    .with("XDG_CONFIG_HOME", home.resolve(".config").toString());
            return new AgentHome(installation, home, temporary, shell);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same home, seen by commands with one more variable. */
    AgentHome with(String name, String value) {
        return new AgentHome(installation, home, temporary, shell.with(name, value));
    }

    /** The same home, served by another installation. */
    AgentHome with(Installation other) {
        return new AgentHome(other, home, temporary, shell);
    }

    Path folder() {
        return home;
    }

    /** The agent's own folder in it. */
    Path clearml() {
        return home.resolve(".clearml");
    }

    Shell shell() {
        return shell;
    }

    /** Starts the installed command. */
    Shell.Started start(String... arguments) {
        return shell.start(command(arguments));
    }

    /** Runs the installed command to its end. */
    Shell.Finished run(String... arguments) {
        return start(arguments).finish();
    }

    List<String> command(String... arguments) {
        return Stream.concat(Stream.of(installation.launcher().toString()), Stream.of(arguments))
                .toList();
    }

    Path serverData() {
        return clearml().resolve("agent/plugins/embedded-server/data");
    }

    /** The server that runs in this home. */
    ServerClient server() {
        return ServerClient.of(serverData());
    }

    /** Everything in the home and among the temporary files but what is listed under {@link #isKept}. */
    SortedSet<String> files() {
        var files = new TreeSet<String>();
        for (Path root : List.of(home, temporary)) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(path -> !path.equals(root))
                        .filter(path -> !isKept(home.relativize(path).toString()))
                        .forEach(path -> files.add(path.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /**
     * What belongs to the server, which keeps running; the code of folders without a repository, which clones of their tasks need,
     * and the mirrors of repositories; the locks of the cache, which are empty and stay; and what other programs keep for
     * themselves: pip its downloads, the Rust tools that pip asks for their version their settings.
     */
    private static boolean isKept(String path) {
        return path.startsWith(".clearml/agent/plugins/embedded-server/")
                || path.startsWith(".clearml/agent/code/")
                || path.startsWith(".clearml/vcs-cache/")
                || path.startsWith(".clearml/venvs-cache/v1/locks/")
                || path.startsWith(".cache")
                || path.startsWith(".rustup");
    }

    /** The processes that have to do with this home, apart from the server. */
    List<String> processes() {
        long server = Files.exists(serverData().resolve("server.json")) ? server().pid() : -1;
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> pid != server && pid != ProcessHandle.current().pid())
                .filter(pid -> Stream.of("cmdline", "environ")
                        .anyMatch(file -> proc(pid, file).contains(home.toString())))
                .map(pid -> pid + ": " + proc(pid, "cmdline").replace('\0', ' '))
                .toList();
    }

    private static String proc(long pid, String file) {
        try {
            return new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended, or it is another user's
        }
    }

    @Override
    public void close() {
        Shell.Finished stopped = run("server", "stop");
        assertThat(stopped.status()).as(stopped.err()).isZero();
        assertThat(processes()).isEmpty();
    }
}
