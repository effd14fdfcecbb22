// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.VersionControl.Claim;

/** The version control systems of the plugins, and which of them a repository belongs to. */
final class VersionControls {

    private final List<VersionControl> systems;

    VersionControls(List<VersionControl> systems) {
        this.systems = List.copyOf(systems);
    }

    /**
     * The system of a repository.
     *
     * @param diff the uncommitted changes of the task, empty without any
     * @throws AgentException {@code TASK_INVALID} when no system has such addresses
     */
    VersionControl of(RepositoryAddress repository, String diff, CredentialChain credentials)
            throws InterruptedException {
        List<VersionControl> possible = claiming(repository, Claim.POSSIBLE);
        Optional<VersionControl> certain = claiming(repository, Claim.OWN).stream()
                .findFirst()
                .or(() -> possible.stream().filter(system -> system.wrote(diff)).findFirst());
        if (certain.isPresent()) {
            return certain.get();
        }
        if (possible.isEmpty()) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "no plugin checks out '" + repository + "'; install one that handles "
                            + (repository.system().isEmpty()
                                    ? "the scheme '" + repository.scheme() + "'"
                                    : "the version control system '" + repository.system() + "'"));
        }
        return probed(possible, repository, credentials);
    }

    /** Where no system finds a repository, the failure of the first one explains why. */
    private static VersionControl probed(
            List<VersionControl> possible, RepositoryAddress repository, CredentialChain credentials)
            throws InterruptedException {
        if (possible.size() > 1) {
            for (VersionControl system : possible) {
                if (system.probe(repository, credentials)) {
                    return system;
                }
            }
        }
        return possible.getFirst();
    }

    /** What a folder is a working copy of; the innermost one where a working copy lies in another. */
    Optional<UserCopy> containing(Path folder) throws InterruptedException {
        List<UserCopy> found = new ArrayList<>();
        for (LocalCode code : localCode()) {
            code.describe(folder).ifPresent(copy -> found.add(new UserCopy(code, copy)));
        }
        return found.stream()
                .max(Comparator.comparingInt(copy -> copy.copy().root().getNameCount()));
    }

    /** The access by all systems that own some of the addresses. */
    ProgramAccess programAccess(List<RepositoryAddress> repositories, CredentialChain credentials)
            throws InterruptedException {
        ProgramAccess access = ProgramAccess.NONE;
        for (VersionControl system : systems) {
            List<RepositoryAddress> own = repositories.stream()
                    .filter(repository -> system.claim(repository) == Claim.OWN)
                    .toList();
            if (!own.isEmpty()) {
                access = access.and(system.programAccess(own, credentials));
            }
        }
        return access;
    }

    /** A snapshot by the first system that can make one. */
    Optional<Snapshot> snapshot(SnapshotRequest request) throws InterruptedException {
        for (LocalCode code : localCode()) {
            Optional<Snapshot> snapshot = code.snapshot(request);
            if (snapshot.isPresent()) {
                return snapshot;
            }
        }
        return Optional.empty();
    }

    private List<LocalCode> localCode() {
        return systems.stream()
                .map(VersionControl::localCode)
                .flatMap(Optional::stream)
                .toList();
    }

    private List<VersionControl> claiming(RepositoryAddress repository, Claim claim) {
        return systems.stream()
                .filter(system -> system.claim(repository) == claim)
                .toList();
    }
}
