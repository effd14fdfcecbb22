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

/** Asks the helpers that the user set up for git ({@code git credential fill}), where git is installed. Never prompts. */
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
        CommandResult result = commands.run(fill(repository));
        return result.succeeded() ? parse(result.output()).stream().toList() : List.of();
    }

    /** The command, with the question on its standard input. */
    static Command fill(RepositoryAddress repository) {
        String port = repository.port() < 0 ? "" : ":" + repository.port();
        StringBuilder question = new StringBuilder();
        question.append("protocol=").append(repository.scheme()).append('\n');
        question.append("host=").append(repository.host()).append(port).append('\n');
        question.append("path=")
                .append(repository.path().replaceFirst("^/", ""))
                .append('\n');
        if (!repository.user().isEmpty()) {
            question.append("username=").append(repository.user()).append('\n');
        }
        // an asking program would wait for a person, or open a window
        return Command.of("git", "credential", "fill")
                .environment("GIT_TERMINAL_PROMPT", "0")
                .environment("GIT_ASKPASS", "true")
                .environment("SSH_ASKPASS", "true")
                .environment("GCM_INTERACTIVE", "never")
                .input(question.append('\n').toString())
                .timeout(LIMIT)
                .build();
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
