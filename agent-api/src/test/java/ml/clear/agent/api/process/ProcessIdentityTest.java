// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    @Test
    void thisProcessLivesAndIsFoundAgainFromItsText() {
        ProcessIdentity current = ProcessIdentity.current();

        assertThat(current.isAlive()).isTrue();
        assertThat(current.isOfThisBoot()).isTrue();
        assertThat(ProcessIdentity.parse(current.toString())).isEqualTo(current);
    }

    @Test
    void anotherProcessWithTheSameNumberIsNotTakenForIt() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessIdentity real = ProcessIdentity.of(sleeper.pid()).orElseThrow();
            ProcessIdentity earlier = new ProcessIdentity(real.bootId(), real.pid(), real.startTicks() - 1);

            assertThat(earlier.isAlive()).isFalse();
            earlier.kill();
            assertThat(sleeper.isAlive()).isTrue();

            real.kill();
            assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(real.isAlive()).isFalse();
        } finally {
            sleeper.destroyForcibly();
        }
    }

    @Test
    void aMachineThatHasRestartedSinceIsNoticed() {
        ProcessIdentity old = new ProcessIdentity("00000000-0000-0000-0000-000000000000", 1, 1);

        assertThat(old.isOfThisBoot()).isFalse();
        assertThat(old.isAlive()).isFalse();
    }
}
