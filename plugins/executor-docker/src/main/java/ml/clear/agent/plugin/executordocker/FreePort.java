// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.net.ServerSocket;

/** Looks at the ports of this machine. */
final class FreePort {

    private FreePort() {}

    /** Whether nothing listens on it now. */
    static boolean is(int port) {
        try (ServerSocket _ = new ServerSocket(port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
