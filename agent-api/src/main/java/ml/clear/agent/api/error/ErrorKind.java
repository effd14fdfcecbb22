// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.error;

import ml.clear.agent.api.Stability;

/** Who can mend an error; decides the wording, the exit status and whether trying again makes sense. */
@Stability.Incubating(since = "0.1")
public enum ErrorKind {
    /** The person who wrote the command, the configuration or the task. Trying again does not help. */
    USER,
    /** The machine: a missing program, a full disk, a folder that cannot be written. */
    ENVIRONMENT,
    /** Another machine: a server, a repository, a package index. Trying again may help. */
    REMOTE,
    /** The agent itself. A stack trace is worth keeping. */
    INTERNAL
}
