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

    /** Set what happens to running tasks unless a request changes it; ignored after the first request. */
    public synchronized void usually(StopMode usual) {
        if (!stop.isRequested()) {
            mode = Objects.requireNonNull(usual);
        }
    }

    /** Request the stop; after a second request the daemon no longer waits for anything. */
    public void request() {
        request(false);
    }

    /**
     * Request the stop from the terminal, where the user sees what runs and may request it again: tasks are not left at
     * once.
     */
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

    /** Once requested, no more tasks are taken. */
    public Stop stop() {
        return stop;
    }

    /** Once requested, nothing is waited for. */
    Stop leave() {
        return leave;
    }

    /** What happens to running tasks; meaningful once the stop is requested. */
    synchronized StopMode mode() {
        return mode;
    }
}
