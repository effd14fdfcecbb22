// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.execution;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.execution.ExecutionRequest;

/**
 * The names of the files in the folder of an execution. Each file has one writer; {@link ExecutionPhase} defines what
 * they mean together. The names and contents are those of format {@value ExecutionFolder#FORMAT}, which earlier
 * versions wrote too.
 */
public final class ExecutionFiles {

    /** Written by the daemon: who took the task from which queue, and by which handle its execute process is found. */
    public static final String LAUNCHED = "launched.properties";

    /** Written by the executor: what the execute process prints. */
    public static final String EXECUTE_LOG = "execute.log";

    /** Written by the execute process: how the task ends, until the server knows. */
    public static final String ENDING = "ending.properties";

    /** Written by the execute process: what has been sent of the output. */
    public static final String SHIPPED = "shipped";

    /** Locked by the execute process that supervises the execution. */
    static final String LOCK = "owner.lock";

    /** Written by the execute process: which execution this is. */
    static final String EXECUTION = "execution.properties";

    /** Written by the execute process for the keeper, which takes it by renaming it. */
    static final String LAUNCH = "launch";

    /** Written by the keeper: who it is, and whether it has taken the launch. */
    static final String KEEPER = "keeper.properties";

    /** Written by the keeper: the task's process. */
    static final String PROCESS = "process.properties";

    /** Written by the keeper: how that ended. */
    static final String EXIT = "exit.properties";

    /** Written by the keeper: the spool has all that it will ever get. */
    static final String COMPLETE = "complete.properties";

    /** Written by the keeper, and before and after it by the execute process: the console. */
    static final String SPOOL = "spool";

    /** Written by the executor, for itself. */
    static final String EXECUTOR = ExecutionRequest.OWN_FILE;

    /** Written by the executor and by what prepares the place of the execute process, which takes it into the console. */
    static final String SETUP_LOG = ExecutionRequest.SETUP_LOG;

    /** The files that exist before an execution begins, and are kept when another one of the task begins. */
    static final Set<String> OF_THE_LAUNCHER = Set.of(EXECUTE_LOG, LAUNCHED, EXECUTOR, SETUP_LOG);

    /** The files that a keeper writes about itself and the task's process. */
    static final List<String> OF_THE_KEEPER = List.of(KEEPER, PROCESS, EXIT, COMPLETE, "launch.claimed");

    private ExecutionFiles() {}
}
