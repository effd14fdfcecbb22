// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * Reaches hosts through the system's {@code ssh}, so that its configuration, its agent, jump hosts and known hosts count.
 * {@code GIT_SSH_COMMAND} and {@code GIT_SSH} take its place, as they do for git.
 */
final class SshProgram extends SshSessionFactory {

    private final Map<String, String> environment;
    private final Optional<Path> privateKey;

    SshProgram(Map<String, String> environment, Optional<Path> privateKey) {
        this.environment = environment;
        this.privateKey = privateKey;
    }

    @Override
    public RemoteSession getSession(URIish uri, @Nullable CredentialsProvider credentials, FS fs, int timeoutMillis)
            throws TransportException {
        if (uri.getHost().startsWith("-")
                || (uri.getUser() != null && uri.getUser().startsWith("-"))) {
            throw new TransportException(uri, "host and user must not start with a dash");
        }
        if (!hasProgram()) {
            throw new TransportException(uri, "program 'ssh' is missing; install openssh-client");
        }
        return new Session(uri);
    }

    @Override
    public String getType() {
        return "program";
    }

    /** The argument list that runs {@code command} on the other machine. */
    List<String> arguments(URIish uri, String command) {
        String words = environment.getOrDefault("GIT_SSH_COMMAND", "");
        List<String> arguments = new ArrayList<>();
        if (words.isEmpty()) {
            arguments.add(program());
            arguments.add("-oBatchMode=yes");
        } else {
            // git hands this variable to a shell too, so that quotes in it work
            arguments.addAll(List.of("/bin/sh", "-c", words + " \"$@\"", "ssh"));
        }
        privateKey.ifPresent(key -> arguments.addAll(List.of("-oIdentitiesOnly=yes", "-i", key.toString())));
        if (uri.getPort() > 0) {
            arguments.addAll(List.of("-p", String.valueOf(uri.getPort())));
        }
        arguments.add(uri.getUser() == null ? uri.getHost() : uri.getUser() + "@" + uri.getHost());
        arguments.add(command);
        return arguments;
    }

    private String program() {
        String other = environment.getOrDefault("GIT_SSH", "");
        return other.isEmpty() ? "ssh" : other;
    }

    private boolean hasProgram() {
        if (!environment.getOrDefault("GIT_SSH_COMMAND", "").isEmpty()) {
            return true;
        }
        String program = program();
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program));
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private final class Session implements RemoteSession {

        private final URIish uri;
        private @Nullable Process process;

        Session(URIish uri) {
            this.uri = uri;
        }

        @Override
        public Process exec(String command, int timeoutSeconds) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(arguments(uri, command));
            builder.environment().clear();
            builder.environment().putAll(environment);
            process = new SshProcess(builder.start());
            return process;
        }

        @Override
        public void disconnect() {
            if (process != null) {
                process.destroy();
            }
        }
    }
}
