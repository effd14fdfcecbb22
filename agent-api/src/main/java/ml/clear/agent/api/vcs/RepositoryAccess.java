// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.util.List;
import ml.clear.agent.api.Stability;

/**
 * Lets programs that a plugin starts, such as pip, fetch from repositories with the agent's address rules and credentials. Safe
 * for several threads.
 */
@Stability.Incubating(since = "0.1")
@FunctionalInterface
public interface RepositoryAccess {

    /** Gives nothing to programs. */
    RepositoryAccess NONE = _ -> ProgramAccess.NONE;

    /**
     * What to start a program with.
     *
     * <p>May ask the servers of the repositories which credential they accept. A credential is used for the server of
     * one of these repositories only.
     *
     * @param repositories what the program will fetch from, in the form of pip: {@code git+https://host/team/model.git}
     * @return {@link ProgramAccess#NONE} when the program needs nothing
     * @throws InterruptedException when interrupted
     */
    ProgramAccess to(List<RepositoryAddress> repositories) throws InterruptedException;
}
