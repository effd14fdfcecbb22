// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.nio.file.Path;

/** With a {@link ForeignProcessSpace}. */
class ForeignStopPromisesIT extends StopSuite {

    @Override
    TaskPlace place(DaemonFixture fixture, Path folder) throws Exception {
        return ForeignProcessSpace.in(fixture.home(), folder);
    }
}
