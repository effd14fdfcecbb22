// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;

class MaskedOutputTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Redactor redactor = new Redactor();
    private final PrintStream stream = MaskedOutput.over(written, redactor);

    @Test
    void aStackTraceOfALibraryHoldsNoSecret() {
        redactor.register(Secret.of("hünter22"));

        new IllegalStateException("cannot log in with hünter22", new IllegalArgumentException("hünter22"))
                .printStackTrace(stream);

        assertThat(text())
                .contains("cannot log in with ****", "IllegalArgumentException: ****")
                .doesNotContain("hünter");
    }

    @Test
    void aLineIsThereWhenItEndsAndAQuestionWhenItIsFlushed() {
        stream.println("first");
        assertThat(text()).isEqualTo("first" + System.lineSeparator());
        stream.print("continue? ");
        stream.flush();
        assertThat(text()).endsWith("continue? ");
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
