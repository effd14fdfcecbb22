// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.service.ServiceEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link BackgroundService} must do that can be started; the suite starts its real process, and stops it after each test. */
public abstract class BackgroundServiceContract {

    private static final int CALLERS = 4;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

    /** For subclasses. */
    protected BackgroundServiceContract() {}

    /**
     * The service over the state of this test. Each call returns another instance, as another process of the agent has it.
     */
    protected abstract BackgroundService service() throws Exception;

    /** Kill the process of the running service, as a crash would, and wait for its end. */
    protected abstract void crash() throws Exception;

    @AfterEach
    final void stopService() throws Exception {
        service().stop();
    }

    @Test
    final void nothingRunsUntilItIsStarted() throws Exception {
        assertThat(service().running()).isEmpty();
        assertThat(service().stop()).as("it ran before").isFalse();
    }

    @Test
    final void startedServiceAnswersWhenTheCallReturns() throws Exception {
        ServiceEndpoint endpoint = service().ensureRunning();

        assertThat(endpoint.fresh()).isTrue();
        assertAnswers(endpoint.api());
        assertAnswers(endpoint.files());
        assertThat(endpoint.stopCommand()).as("a command for people").isNotBlank();
    }

    @Test
    final void laterCallersOfOtherProcessesGetTheRunningOne() throws Exception {
        ServiceEndpoint first = service().ensureRunning();

        ServiceEndpoint second = service().ensureRunning();

        assertThat(second.fresh()).isFalse();
        assertThat(second.api()).isEqualTo(first.api());
        assertThat(second.accessKey()).isEqualTo(first.accessKey());
        assertThat(second.secretKey().reveal()).isEqualTo(first.secretKey().reveal());
        assertThat(service().running()).map(ServiceEndpoint::api).contains(first.api());
    }

    @Test
    final void callersAtTheSameMomentGetTheSameOneAndOneOfThemStartedIt() throws Exception {
        List<Callable<ServiceEndpoint>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            BackgroundService service = service();
            callers.add(service::ensureRunning);
        }
        List<ServiceEndpoint> endpoints = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
            for (Future<ServiceEndpoint> endpoint : threads.invokeAll(callers)) {
                endpoints.add(endpoint.get());
            }
        }

        assertThat(endpoints)
                .extracting(ServiceEndpoint::api)
                .containsOnly(endpoints.getFirst().api());
        assertThat(endpoints.stream().filter(ServiceEndpoint::fresh)).hasSize(1);
    }

    @Test
    final void stoppedServiceHasEndedAndStartsAgain() throws Exception {
        URI api = service().ensureRunning().api();

        assertThat(service().stop()).as("it ran before").isTrue();

        assertThat(answers(api)).isFalse();
        assertThat(service().running()).isEmpty();
        assertThat(service().stop()).isFalse();
        assertThat(service().ensureRunning().fresh()).isTrue();
    }

    @Test
    final void crashedServiceDoesNotRunAndHindersNoOther() throws Exception {
        service().ensureRunning();

        crash();

        assertThat(service().running()).isEmpty();
        ServiceEndpoint next = service().ensureRunning();
        assertThat(next.fresh()).isTrue();
        assertAnswers(next.api());
    }

    @Test
    final void secretKeyIsNotShown() throws Exception {
        ServiceEndpoint endpoint = service().ensureRunning();

        assertThat(endpoint.secretKey().isEmpty()).isFalse();
        assertThat(endpoint.toString()).doesNotContain(endpoint.secretKey().reveal());
        assertThat(endpoint.stopCommand()).doesNotContain(endpoint.secretKey().reveal());
    }

    private static void assertAnswers(URI address) {
        assertThat(answers(address)).as(address + " answers").isTrue();
    }

    private static boolean answers(URI address) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.getHost(), address.getPort()),
                    Math.toIntExact(LONGEST_CONNECT.toMillis()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
