// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.config.NewConfiguration;
import ml.clear.agent.runtime.config.ServerAddresses;
import org.junit.jupiter.api.Test;

class InitDialogueTest {

    private static final String BLOCK = """
            api {
              web_server: https://app.example.com
              api_server: https://api.example.com
              files_server: https://files.example.com
              credentials {
                "access_key" = "KEY"
                "secret_key"  = "hidden-secret"
              }
            }""";

    private final List<String> logIns = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private int refusals;

    private NewConfiguration answering(String answers) throws InterruptedException {
        Deque<String> lines = new ArrayDeque<>(answers.lines().toList());
        Questions questions = new Questions(() -> Optional.ofNullable(lines.poll()), new PrintWriter(out));
        return new InitDialogue(questions, (server, accessKey, secretKey) -> {
                    logIns.add(server.api() + " " + accessKey + " " + secretKey.reveal());
                    if (refusals-- > 0) {
                        throw new AgentException(ErrorCode.CONFIGURATION_INVALID, "credentials are refused");
                    }
                })
                .run();
    }

    @Test
    void aPastedBlockNeedsOnlyConfirmationAndIsVerified() throws InterruptedException {
        NewConfiguration made = answering(BLOCK + "\n\n\n\n\n\nann\ntoken#1\nhttps://a/simple https://b/simple\n");

        assertThat(logIns).containsExactly("https://api.example.com KEY hidden-secret");
        assertThat(made.server().files()).isEqualTo("https://files.example.com");
        assertThat(made.gitUser()).isEqualTo("ann");
        assertThat(made.gitPass().reveal()).isEqualTo("token#1");
        assertThat(made.indexes()).containsExactly("https://a/simple", "https://b/simple");
        assertThat(made.outputUri()).isEmpty();
        assertThat(out.toString()).doesNotContain("hidden-secret", "token#1");
    }

    @Test
    void withoutABlockEachValueIsAskedForAndTheOtherAddressesFollow() throws InterruptedException {
        NewConfiguration made = answering("\nlocalhost:8080\n\n\n\nKEY\nsecret\ny\n\n\n");

        assertThat(made.server())
                .isEqualTo(
                        new ServerAddresses("http://localhost:8008", "http://localhost:8080", "http://localhost:8081"));
        assertThat(made.outputUri()).isEqualTo("http://localhost:8081");
        assertThat(made.gitUser()).isEmpty();
    }

    @Test
    void refusedCredentialsAreAskedForOnceMore() throws InterruptedException {
        refusals = 1;
        answering(BLOCK + "\n\n\n\n\n\n\n\nOTHER\nbetter\n\n\n\n");
        assertThat(logIns).hasSize(2).last().isEqualTo("https://api.example.com OTHER better");
        assertThat(out.toString()).contains("credentials are refused");

        refusals = 2;
        assertThatThrownBy(() -> answering(BLOCK + "\n\n\n\n\n\n\n\nOTHER\nbetter\n"))
                .hasMessage("credentials are refused");
    }

    @Test
    void anInputThatEndsIsAnErrorAndNotAnEndlessQuestion() {
        assertThatThrownBy(() -> answering(BLOCK)).hasMessageContaining("the input ended before the last answer");
    }

    @Test
    void addressesFollowFromUsualNamesAndPorts() {
        assertThat(ServerAddresses.of("app.clear.example/"))
                .isEqualTo(new ServerAddresses(
                        "https://api.clear.example", "https://app.clear.example", "https://files.clear.example"));
        assertThat(ServerAddresses.of("http://10.0.0.1:8008").web()).isEqualTo("http://10.0.0.1:8080");
        assertThat(ServerAddresses.of("https://host:9443"))
                .isEqualTo(new ServerAddresses("https://host:9443", "https://host:9443", ""));
    }
}
