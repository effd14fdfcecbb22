// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.testkit.FaultyServer.Fault;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@link StorageBackend} that speaks HTTP must do when its server, or the way to it, fails: each failure has the code by
 * which the agent decides whether to repeat the request, and a message that names the address and the remedy.
 */
@Timeout(120) // for hangs
public abstract class WebStorageFaultsContract {

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private static Path folder;

    private static PrivateAuthority own;
    private static PrivateAuthority other;

    /** For subclasses. */
    protected WebStorageFaultsContract() {}

    /**
     * A backend whose objects lie on a server; the test closes it.
     *
     * @param server the address of the server, such as {@code http://localhost:4711}
     * @param trust which certificates it trusts
     * @param stall how long it waits for the next bytes of an answer
     * @param scratch an empty folder
     */
    protected abstract StorageBackend backend(URI server, SSLContext trust, Duration stall, Path scratch)
            throws Exception;

    /** An object of that backend. */
    protected abstract StorageAddress object(URI server) throws Exception;

    /** The headers by which the store describes an object of {@link FaultyServer#SIZE} bytes. */
    protected abstract Map<String, String> headers();

    /** What the message about a certificate names: the setting that governs trust. */
    protected String trustSetting() {
        return "name its authority in api.verify_certificate or SSL_CERT_FILE";
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        own = PrivateAuthority.in(Files.createDirectory(folder.resolve("own")));
        other = PrivateAuthority.in(Files.createDirectory(folder.resolve("other")), "other.example.com");
    }

    private static SSLContext usualTrust() throws NoSuchAlgorithmException {
        return SSLContext.getDefault();
    }

    private void describe(FaultyServer server) {
        server.describe(headers());
    }

    @TestFactory
    final Stream<DynamicTest> aBodyThatDoesNotArriveIsAnError() {
        return Stream.of(Fault.CUT_OFF, Fault.RESET, Fault.STALLED)
                .map(fault -> dynamicTest(fault.name(), () -> breaks(fault)));
    }

    private void breaks(Fault fault) throws Exception {
        try (FaultyServer server = FaultyServer.start()) {
            describe(server);
            server.fail(fault);
            URI address = URI.create(server.address());
            Duration stall = fault == Fault.STALLED ? SHORT : LONG;
            try (StorageBackend backend = backend(address, usualTrust(), stall, folder)) {
                assertThatThrownBy(() -> {
                            try (ObjectContent content = backend.read(object(address), ByteRange.ALL)) {
                                content.stream().readAllBytes();
                            }
                        })
                        .isInstanceOfAny(IOException.class, AgentException.class)
                        .satisfies(failure -> {
                            if (failure instanceof AgentException coded) {
                                assertThat(coded.code()).isEqualTo(ErrorCode.SERVER_UNAVAILABLE);
                            }
                        });
            }
        }
    }

    @Test
    final void aServerThatDoesNotAnswerIsUnavailable() throws Exception {
        try (FaultyServer server = FaultyServer.start()) {
            server.fail(Fault.SILENT);
            URI address = URI.create(server.address());
            try (StorageBackend backend = backend(address, usualTrust(), SHORT, folder)) {
                fails(backend, address, ErrorCode.SERVER_UNAVAILABLE, "cannot be reached", "timed out");
            }
        }
    }

    @Test
    final void aServerThatIsDownIsUnavailable() throws Exception {
        URI address = URI.create("http://localhost:" + ServerProcess.freePort());
        try (StorageBackend backend = backend(address, usualTrust(), LONG, folder)) {
            fails(backend, address, ErrorCode.SERVER_UNAVAILABLE, "cannot be reached", "check the");
        }
    }

    @Test
    final void aCertificateOfAKnownAuthorityIsAccepted() throws Exception {
        try (FaultyServer server = FaultyServer.secured(own.tls())) {
            describe(server);
            URI address = URI.create(server.address());
            try (StorageBackend backend = backend(address, own.tls(), LONG, folder);
                    ObjectContent content = backend.read(object(address), ByteRange.ALL)) {
                assertThat(content.object().size()).isEqualTo(FaultyServer.SIZE);
                assertThat(content.stream().readAllBytes()).hasSize(FaultyServer.SIZE);
            }
        }
    }

    @Test
    final void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        try (FaultyServer server = FaultyServer.secured(own.tls())) {
            URI address = URI.create(server.address());
            try (StorageBackend backend = backend(address, usualTrust(), LONG, folder)) {
                fails(backend, address, ErrorCode.STORAGE_FAILED, "no trusted connection to", trustSetting());
            }
        }
    }

    @Test
    final void aCertificateOfAnotherHostIsRefused() throws Exception {
        try (FaultyServer server = FaultyServer.secured(other.tls())) {
            URI address = URI.create(server.address());
            try (StorageBackend backend = backend(address, other.tls(), LONG, folder)) {
                fails(backend, address, ErrorCode.STORAGE_FAILED, "no trusted connection to", "localhost");
            }
        }
    }

    private void fails(StorageBackend backend, URI address, ErrorCode code, String... words) throws Exception {
        StorageAddress object = object(address);
        assertThatThrownBy(() -> backend.stat(object))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContainingAll(words)
                .hasMessageNotContaining("\n");
    }
}
