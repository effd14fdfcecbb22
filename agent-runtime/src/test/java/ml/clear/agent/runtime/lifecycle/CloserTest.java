// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {

    private final List<String> closed = new ArrayList<>();
    private final Closer closer = new Closer();

    @Test
    void closesInReverseAndOnlyOnce() {
        closer.own(() -> closed.add("first"));
        closer.own(() -> closed.add("second"));

        closer.close();
        closer.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void aFailureHidesNeitherTheOthersNorTheirFailures() {
        closer.own(() -> closed.add("first"));
        closer.own(() -> {
            throw new IOException("disk");
        });
        closer.own(() -> {
            throw new IllegalStateException("state");
        });

        assertThatThrownBy(closer::close)
                .hasMessage("state")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(closed).containsExactly("first");
    }
}
