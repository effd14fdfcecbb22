// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.nio.file.Path;

/** With a {@link ForeignProcessSpace}. */
class ForeignOutagePromisesIT extends OutageSuite {

    @Override
    TaskPlace place(DaemonFixture fixture, Path folder) throws Exception {
        return ForeignProcessSpace.in(fixture.home(), folder);
    }
}
