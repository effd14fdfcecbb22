// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.nio.file.Path;

/** With the executor of this machine. */
class OutagePromisesIT extends OutageSuite {

    @Override
    TaskPlace place(DaemonFixture fixture, Path folder) {
        return TaskPlace.THIS_MACHINE;
    }
}
