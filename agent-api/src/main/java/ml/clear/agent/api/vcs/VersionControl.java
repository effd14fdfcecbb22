// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.process.Console;

/** A version control system. Safe for several threads, and for several processes that share a cache folder. */
@Stability.Incubating(since = "0.1")
public interface VersionControl {

    /** Whether repositories at this address may be of this system. The first one that says yes is used. */
    boolean handles(RepositoryAddress repository);

    /**
     * Make a working copy. On failure nothing of it is left in the target.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CHECKOUT_FAILED} when repository or revision cannot be had;
     *     the message names address and revision, without any password
     * @throws InterruptedException when interrupted; nothing is left
     */
    Checkout checkOut(CheckoutRequest request) throws InterruptedException;

    /**
     * Apply uncommitted changes to a working copy.
     *
     * @param diff a patch in the system's own format, with paths relative to the root
     * @throws ml.clear.agent.api.error.AgentException {@code DIFF_NOT_APPLICABLE} when it does not fit; the message names
     *     the file and place
     */
    void applyDiff(Checkout checkout, String diff) throws InterruptedException;

    /**
     * What a local folder is a working copy of.
     *
     * @param folder any folder, also one below the root
     * @return empty when it is not a working copy of this system
     */
    Optional<WorkingCopy> describe(Path folder) throws InterruptedException;

    /**
     * Keep the commit of a working copy, so that checking it out on this machine needs no network, not even when nobody has
     * pushed it. Quick when it is kept already; a system without a cache does nothing, and a failure is no error.
     *
     * @param copy what {@link #describe} gave
     * @param credentials those that later checkouts will be made with, since they may change the address
     * @param console where progress is told
     */
    default void remember(WorkingCopy copy, VcsCredentialProvider credentials, Console console)
            throws InterruptedException {}
}
