// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.Objects;
import ml.clear.agent.runtime.lifecycle.Stop;

/**
 * The end of a daemon, asked for in up to two steps: to stop, in some mode, and then to leave at once what it still waits for.
 * Safe for several threads.
 */
public final class DaemonStop {

    private final Stop stop = new Stop();
    private final Stop leave = new Stop();
    private StopMode mode = StopMode.LEAVE;

    /** What happens to the tasks unless a request says otherwise; set before there are any. */
    public synchronized void usually(StopMode usual) {
        if (!stop.isRequested()) {
            mode = Objects.requireNonNull(usual);
        }
    }

    /** Ask for the stop; asked once more, the daemon waits for nothing any more. */
    public void request() {
        request(false);
    }

    /** The same from the terminal, where the user sees what runs and may ask once more: tasks are not left at once. */
    public void requestAtTerminal() {
        request(true);
    }

    private synchronized void request(boolean atTerminal) {
        if (stop.isRequested()) {
            leave.request();
            return;
        }
        if (atTerminal && mode == StopMode.LEAVE) {
            mode = StopMode.WAIT;
        }
        stop.request();
    }

    /** From here on no task is taken. */
    public Stop stop() {
        return stop;
    }

    /** From here on nothing is waited for. */
    Stop leave() {
        return leave;
    }

    /** What becomes of the tasks; meaningful once the stop is requested. */
    synchronized StopMode mode() {
        return mode;
    }
}
