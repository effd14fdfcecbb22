// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * Hands the secret files of one command over to its program; for implementations of {@link CommandRunner}. Each is written to an
 * in-memory file that only the owner can read. A shell opens the files, removes their names and becomes the program, which keeps
 * the descriptors: the program and those below it open {@code /proc/<pid>/fd/<n>}, also when a program in between, such as pip,
 * closes inherited descriptors.
 */
@Stability.Incubating(since = "0.1")
public final class SecretHandover implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(SecretHandover.class.getName());
    private static final int FIRST_DESCRIPTOR = 3;

    private final Command command;
    private final List<Path> files = new ArrayList<>();

    private SecretHandover(Command command) {
        this.command = command;
    }

    /**
     * Write the files of a command.
     *
     * @param environment the variables that the program gets
     * @throws AgentException {@code FILE_SYSTEM} when they cannot be written
     */
    public static SecretHandover of(Command command, Map<String, String> environment) {
        SecretHandover handover = new SecretHandover(command);
        boolean written = false;
        try {
            SecretFolder folder = SecretFolder.usual(environment);
            for (SecretFile secret : command.secretFiles()) {
                handover.write(folder, secret);
            }
            written = true;
            return handover;
        } finally {
            if (!written) {
                handover.close();
            }
        }
    }

    /**
     * Delete the files of processes that were killed between writing a file and the start of its program. Failures are logged.
     *
     * @param environment the variables of this process
     */
    public static void removeAbandoned(Map<String, String> environment) {
        SecretFolder.all(environment).forEach(folder -> {
            try {
                folder.removeAbandoned();
            } catch (IOException | DirectoryIteratorException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "cannot remove abandoned secrets in ''{0}'': {1}",
                        folder.path(),
                        e);
            }
        });
    }

    /** The arguments to start the program with. */
    public List<String> arguments() {
        if (files.isEmpty()) {
            return command.arguments();
        }
        StringBuilder script = new StringBuilder();
        int descriptor = FIRST_DESCRIPTOR;
        for (SecretFile secret : command.secretFiles()) {
            script.append("exec ").append(descriptor).append("<\"$1\" && rm -f \"$1\" && shift && ");
            for (String name : secret.variables()) {
                script.append("export \"%s=${%s-}/proc/$$/fd/%d\" && ".formatted(name, name, descriptor));
            }
            descriptor++;
        }
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", script + "exec \"$@\"", "sh"));
        files.forEach(file -> arguments.add(file.toString()));
        arguments.addAll(command.arguments());
        return arguments;
    }

    /** Remove the names that the program did not remove, because it was not started. */
    @Override
    public void close() {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot remove ''{0}'', which holds a secret", file);
            }
        }
    }

    private void write(SecretFolder folder, SecretFile secret) {
        Path file = folder.newFile();
        files.add(file);
        try {
            OwnerOnly.write(file, secret.text().reveal().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot hand a secret to '" + command.program() + "': '" + folder.path() + "' is not writable ("
                            + e.getMessage() + ")",
                    e);
        }
    }
}
