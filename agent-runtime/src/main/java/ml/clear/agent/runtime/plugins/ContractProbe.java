// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.error.ErrorKind;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.ExecutionReference;
import ml.clear.agent.api.execution.Executor;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.api.vcs.VersionControl;

/**
 * The questions of the contract suites that need neither a fixture nor a network, and change nothing: what an instance says about
 * things that do not exist.
 */
final class ContractProbe {

    private static final String NOWHERE = "https://host.invalid/team/model";

    private ContractProbe() {}

    /** What an instance answers wrongly; empty when nothing is wrong, or when its kind has no such questions. */
    static Optional<String> problem(Object instance) {
        try {
            return switch (instance) {
                case VersionControl system -> ofVersionControl(system);
                case VcsCredentialProvider provider -> ofCredentials(provider);
                case PackageManager manager -> inEmptyFolder(folder -> ofPackageManager(manager, folder));
                case Executor executor -> inEmptyFolder(folder -> ofExecutor(executor, folder));
                case BackgroundService service -> ofService(service);
                default -> Optional.empty();
            };
        } catch (AgentException e) {
            return e.code().kind() == ErrorKind.INTERNAL ? Optional.of(e.getMessage()) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the trial was interrupted");
        }
    }

    private static Optional<String> ofVersionControl(VersionControl system) {
        return system.claim(RepositoryAddress.parse("other+" + NOWHERE)) == VersionControl.Claim.NONE
                ? Optional.empty()
                : Optional.of("claim must answer NONE for 'other+" + NOWHERE + "', which names another system");
    }

    /** A provider may know a credential for every host, or have a store that cannot be read here. */
    private static Optional<String> ofCredentials(VcsCredentialProvider provider) throws InterruptedException {
        provider.lookUp(RepositoryAddress.parse(NOWHERE));
        return Optional.empty();
    }

    private static Optional<String> ofPackageManager(PackageManager manager, Path folder) {
        return manager.claims(new SourceTree(folder, folder, true))
                .map(file -> "claims must be empty for a repository without files, and it answers '" + file + "'");
    }

    private static Optional<String> ofExecutor(Executor executor, Path folder) throws InterruptedException {
        AttemptId never = new AttemptId("a" + UUID.randomUUID());
        return executor.attach(new ExecutionReference(never, "", folder)) instanceof Attachment.Found
                ? Optional.of("attach must not answer Found for an attempt that was never started")
                : Optional.empty();
    }

    private static Optional<String> ofService(BackgroundService service) throws InterruptedException {
        service.offers();
        service.running();
        return Optional.empty();
    }

    /** A question about a folder. */
    private interface Question {
        Optional<String> about(Path folder) throws InterruptedException;
    }

    private static Optional<String> inEmptyFolder(Question question) throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("clearml-agent-probe-");
            try {
                return question.about(folder);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot use the temporary folder: " + e + "; check java.io.tmpdir", e);
        }
    }
}
