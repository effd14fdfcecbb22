// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

/** Why a task is ended before its process ends by itself. */
enum AbortReason {
    /** The server was asked to stop it. */
    STOP_REQUESTED("was asked to stop"),
    /** Its status was changed on the server, which is left as it is. */
    STATUS_CHANGED("had its status changed"),
    /** It was reset; the server is left as it is. */
    RESET("was reset"),
    /** It was reset and waits in a queue again; the server is left as it is. */
    REQUEUED("was enqueued again"),
    /** It was deleted. */
    DELETED("was deleted"),
    /** Another process claimed it, and runs it. */
    CLAIMED_ELSEWHERE("is run by another process"),
    /** The execute process got a stop signal: Ctrl-C, or SIGTERM from its executor. */
    SIGNAL("got a stop signal"),
    /** Code that prepares the task, such as a plugin, ends the execute process. */
    PROCESS_ENDING("lost its execute process");

    private final String words;

    AbortReason(String words) {
        this.words = words;
    }

    /** Whether it was found on the server, where the SDK in the task finds it too. */
    boolean isOfTheServer() {
        return switch (this) {
            case STOP_REQUESTED, STATUS_CHANGED, RESET, REQUEUED -> true;
            case DELETED, CLAIMED_ELSEWHERE, SIGNAL, PROCESS_ENDING -> false;
        };
    }

    /** Whether the execute process has to end soon, and so waits for nothing that may take long. */
    boolean isUrgent() {
        return this == SIGNAL || this == PROCESS_ENDING;
    }

    /** Whether the task on the server belongs to another run from now on, so that nothing more is reported. */
    boolean isOfAnotherRun() {
        return switch (this) {
            case RESET, REQUEUED, DELETED, CLAIMED_ELSEWHERE -> true;
            case STOP_REQUESTED, STATUS_CHANGED, SIGNAL, PROCESS_ENDING -> false;
        };
    }

    /** For the console. */
    String words() {
        return words;
    }
}
