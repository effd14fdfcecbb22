// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

/** Why a task is ended before its process ends by itself. */
enum AbortReason {
    /** Somebody asked the server to stop it. */
    STOP_REQUESTED("was asked to stop"),
    /** Its status was changed by somebody else; the server is left as it is. */
    STATUS_CHANGED("had its status changed"),
    /** It was reset; the server is left as it is. */
    RESET("was reset"),
    /** It was deleted. */
    DELETED("was deleted"),
    /** The execute process got a stop signal: Ctrl-C, or SIGTERM from its executor. */
    SIGNAL("got a stop signal");

    private final String words;

    AbortReason(String words) {
        this.words = words;
    }

    /** Whether it was found on the server, where the SDK in the task finds it too. */
    boolean isOfTheServer() {
        return switch (this) {
            case STOP_REQUESTED, STATUS_CHANGED, RESET -> true;
            case DELETED, SIGNAL -> false;
        };
    }

    /** For the console. */
    String words() {
        return words;
    }
}
