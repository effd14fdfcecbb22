// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.process.Console;

/**
 * A version control system. Safe for several threads, and for several processes that share a cache folder.
 *
 * <p>Which system a repository belongs to is decided in this order: the only one that {@linkplain Claim#OWN owns} the form of
 * the address; the one whose format the task's uncommitted changes have ({@link #wrote}); of those for which the address is
 * {@linkplain Claim#POSSIBLE possible} the only one, else the first that finds a repository there ({@link #probe}).
 */
@Stability.Incubating(since = "0.1")
public interface VersionControl {

    /** What the form of an address says about the system of the repository. */
    enum Claim {
        /** Only this system has such addresses: {@code hg+https://…} for Mercurial, {@code …/model.git} for git. */
        OWN,
        /** Such an address may belong to this system or to another one. */
        POSSIBLE,
        /** This system has no such addresses. */
        NONE
    }

    /**
     * Classify an address by its form. Uses only the address, and perhaps whether the system's program is installed.
     */
    Claim claim(RepositoryAddress repository);

    /** Whether uncommitted changes are in a format that only this system writes. */
    default boolean wrote(String diff) {
        return false;
    }

    /**
     * Whether there is a repository of this system at an address. Only asked where several systems claim it as possible;
     * quick where a cache knows the repository. Any failure means no.
     *
     * @throws InterruptedException when interrupted
     */
    default boolean probe(RepositoryAddress repository, CredentialChain credentials) throws InterruptedException {
        return false;
    }

    /**
     * Make a working copy. On failure nothing of it is left in the target. A credential that the server refuses is reported
     * to the chain of the request, and the next one is tried.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CHECKOUT_FAILED} when repository or revision cannot be had;
     *     the message names address and revision, without any password
     * @throws InterruptedException when interrupted; nothing is left
     */
    Checkout checkOut(CheckoutRequest request) throws InterruptedException;

    /**
     * Apply uncommitted changes to a working copy.
     *
     * @param diff a file with a patch in the system's own format, of any size, with paths relative to the root; it is not
     *     changed
     * @param console what deserves the attention of the task's owner, such as a file that the commit lacks
     * @throws ml.clear.agent.api.error.AgentException {@code DIFF_NOT_APPLICABLE} when it does not fit; the message names
     *     the file, the place and what the hunk looks for, and the working copy is as it was before
     */
    void applyDiff(Checkout checkout, Path diff, Console console) throws InterruptedException;

    /** Working copies of users; empty when the system only checks out. */
    default Optional<LocalCode> localCode() {
        return Optional.empty();
    }

    /**
     * What another program, such as pip, needs to reach repositories through this system's own program as
     * {@link #checkOut} would: with the same address rules and with credentials for the servers of these repositories, and for
     * no others.
     *
     * @param repositories addresses that {@link #claim} does not answer with {@link Claim#NONE}
     * @param credentials what opens them; a credential that a server refuses is reported, and the next one is tried
     * @return {@link ProgramAccess#NONE} when the system's program needs nothing
     */
    default ProgramAccess programAccess(List<RepositoryAddress> repositories, CredentialChain credentials)
            throws InterruptedException {
        return ProgramAccess.NONE;
    }
}
