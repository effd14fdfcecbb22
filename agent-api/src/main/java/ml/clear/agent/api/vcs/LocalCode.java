// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.process.Console;

/**
 * Reads the code in folders of this machine's user, from which {@code run} makes tasks. It never changes these folders. Safe for
 * several threads.
 */
@Stability.Incubating(since = "0.1")
public interface LocalCode {

    /**
     * What a local folder is a working copy of.
     *
     * @param folder any folder, also one below the root
     * @return empty when it is not a working copy of this system
     */
    Optional<WorkingCopy> describe(Path folder) throws InterruptedException;

    /**
     * The files of a working copy that are neither tracked nor ignored, relative to its root. Empty when the system
     * cannot list them.
     *
     * @param script a file, relative to the root, that is among them even if it is ignored, unless it is tracked
     */
    default List<Path> untracked(WorkingCopy copy, Path script) throws InterruptedException {
        return List.of();
    }

    /**
     * Write the changes of a working copy since its commit, as a patch that {@link VersionControl#applyDiff} applies. Files that
     * the system does not track are left out, unless they are named.
     *
     * @param copy what {@link #describe} returned
     * @param added files of {@link #untracked} that the patch adds
     * @param diff the file to write, which does not exist yet; empty when there are no changes
     * @throws ml.clear.agent.api.error.AgentException {@code FILE_SYSTEM} when the copy cannot be read or the file not be
     *     written
     */
    void writeDiff(WorkingCopy copy, List<Path> added, Path diff) throws InterruptedException;

    /**
     * Keep the commit of a working copy, so that checking it out on this machine needs no network, not even when it was
     * never pushed. Quick when it is kept already; a system without a cache does nothing, and a failure is no error.
     *
     * @param copy what {@link #describe} returned
     * @param credentials the credentials of later checkouts, which may change the address
     * @param console where progress is reported
     */
    default void remember(WorkingCopy copy, CredentialChain credentials, Console console) throws InterruptedException {}

    /**
     * Keep a folder as a commit of a repository in the agent's own store, so that its code can be checked out on this machine
     * at a later time. The same files give the same commit.
     *
     * @return empty when this system cannot, for example because its program is not installed
     * @throws ml.clear.agent.api.error.AgentException {@code FILE_SYSTEM} when the store cannot be written
     */
    default Optional<Snapshot> snapshot(SnapshotRequest request) throws InterruptedException {
        return Optional.empty();
    }
}
