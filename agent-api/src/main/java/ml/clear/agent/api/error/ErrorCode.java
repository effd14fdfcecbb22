// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.error;

import ml.clear.agent.api.Stability;

/** The causes of an {@link AgentException}, each with the kind that decides how it is handled. */
@Stability.Incubating(since = "0.1")
public enum ErrorCode {
    /** The command line cannot be understood. */
    COMMAND_LINE_INVALID(ErrorKind.USER),
    /** One or more keys of the configuration are unknown, of a wrong type or contradictory. */
    CONFIGURATION_INVALID(ErrorKind.USER),
    /** The task asks for something impossible, or lacks what it needs. */
    TASK_INVALID(ErrorKind.USER),
    /** No such task, queue or other object on the server. */
    NOT_FOUND(ErrorKind.USER),
    /** The server refuses the key and secret, or the token. */
    CREDENTIALS_REFUSED(ErrorKind.USER),
    /** The credentials are valid, and do not allow what was asked for. */
    ACCESS_DENIED(ErrorKind.USER),
    /** The server refuses a change that the state of an object does not allow. */
    CONFLICT(ErrorKind.USER),
    /** Requirements that cannot be installed together, or do not exist. */
    REQUIREMENTS_UNSATISFIABLE(ErrorKind.USER),
    /** A repository, branch, tag or commit that does not exist or may not be read. */
    CHECKOUT_FAILED(ErrorKind.USER),
    /** A diff that does not fit the commit it is applied to. */
    DIFF_NOT_APPLICABLE(ErrorKind.USER),
    /** No interpreter, or none of the version asked for. */
    INTERPRETER_MISSING(ErrorKind.ENVIRONMENT),
    /** A program that must be installed is missing or does not run. */
    PROGRAM_MISSING(ErrorKind.ENVIRONMENT),
    /** A program did not end in the time that it was allowed, and was killed. */
    TIMED_OUT(ErrorKind.ENVIRONMENT),
    /** A file or folder cannot be read or written, or a disk is full. */
    FILE_SYSTEM(ErrorKind.ENVIRONMENT),
    /** An execution could not be started where it should run. */
    LAUNCH_FAILED(ErrorKind.ENVIRONMENT),
    /** A plugin cannot be loaded, or what a key selects is offered by no plugin. */
    PLUGIN_UNUSABLE(ErrorKind.ENVIRONMENT),
    /** Another process holds a lock and did not release it in time. */
    LOCKED(ErrorKind.ENVIRONMENT),
    /** A store that knows the credentials cannot be read. */
    CREDENTIAL_STORE_UNAVAILABLE(ErrorKind.ENVIRONMENT),
    /** The other side cannot be reached, or answers that it cannot serve now. */
    SERVER_UNAVAILABLE(ErrorKind.REMOTE),
    /** The other side asks for fewer requests. */
    THROTTLED(ErrorKind.REMOTE),
    /** The other side answers something that is not its protocol. */
    SERVER_PROTOCOL(ErrorKind.REMOTE),
    /** A file could not be stored or fetched. */
    STORAGE_FAILED(ErrorKind.REMOTE),
    /** What was fetched is not what was stored. */
    DAMAGED(ErrorKind.REMOTE),
    /** A defect of the agent or of a plugin. */
    INTERNAL(ErrorKind.INTERNAL);

    private final ErrorKind kind;

    ErrorCode(ErrorKind kind) {
        this.kind = kind;
    }

    /** Who can mend it. */
    public ErrorKind kind() {
        return kind;
    }
}
