// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/**
 * Asks the credential helpers that the user has configured for git ({@code git credential fill}), where git is
 * installed, and reports refused credentials to them, as git itself does. Never prompts the user; a program in
 * {@code GIT_ASKPASS} is used if set.
 */
final class CredentialHelper implements VcsCredentialProvider {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final CommandRunner commands;
    private final Map<String, String> environment;

    CredentialHelper(CommandRunner commands, Map<String, String> environment) {
        this.commands = commands;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) throws InterruptedException {
        if (!repository.isHttp() || !hasGit()) {
            return List.of();
        }
        CommandResult result = commands.run(command("fill", question(repository)));
        return result.succeeded() ? parse(result.output()).stream().toList() : List.of();
    }

    /** Makes a token helper request another token, and a store delete the refused entry. */
    @Override
    public void refused(RepositoryAddress repository, VcsCredential credential) throws InterruptedException {
        if (credential instanceof UserPassword(String user, Secret password)) {
            commands.run(command("reject", question(repository, user) + "password=" + password.reveal() + "\n"));
        }
    }

    static String question(RepositoryAddress repository) {
        return question(repository, repository.user());
    }

    private static String question(RepositoryAddress repository, String user) {
        String port = repository.port() < 0 ? "" : ":" + repository.port();
        String question = "protocol=" + repository.scheme() + "\nhost=" + repository.host() + port + "\npath="
                + repository.path().replaceFirst("^/", "") + "\n";
        return user.isEmpty() ? question : question + "username=" + user + "\n";
    }

    /** The command, with the question on its standard input. */
    Command command(String verb, String question) {
        Command.Builder command = Command.of("git", "credential", verb)
                .environment("GIT_TERMINAL_PROMPT", "0")
                .environment("SSH_ASKPASS", "true")
                .environment("GCM_INTERACTIVE", "never")
                .input(question + "\n")
                .timeout(LIMIT);
        if (environment.getOrDefault("GIT_ASKPASS", "").isBlank()) {
            command.environment("GIT_ASKPASS", "true"); // core.askPass may open a window
        }
        return command.build();
    }

    /** Read the answer, lines {@code key=value}. */
    static Optional<VcsCredential> parse(String answer) {
        Map<String, String> values = new HashMap<>();
        answer.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        String password = values.getOrDefault("password", "");
        return password.isEmpty()
                ? Optional.empty()
                : Optional.of(new UserPassword(values.getOrDefault("username", ""), Secret.of(password)));
    }

    private boolean hasGit() {
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "git"))) {
                return true;
            }
        }
        return false;
    }
}
