// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Where the server is and how to talk to it.
 *
 * @param apiServer {@code api.api_server}, http or https; a slash at the end is dropped
 * @param webServer {@code api.web_server}, empty to derive it from {@code apiServer}
 * @param credentials how to log in
 * @param workerHost the name of this machine
 * @param agentVersion our own version
 * @param renewBefore how long before its end a token is renewed, {@code api.auth.token_expiration_threshold_sec}
 * @param tokenLifetime the lifetime to ask for, {@code api.auth.request_token_expiration_sec}; zero leaves it to the
 *     server
 * @param largestRequest bytes of a request at most, {@code api.http.max_req_size}
 * @param retries how long to retry when a server cannot be reached
 * @param timeouts how long one request may take
 */
public record ServerConnectionSettings(
        URI apiServer,
        String webServer,
        Credentials credentials,
        String workerHost,
        String agentVersion,
        Duration renewBefore,
        Duration tokenLifetime,
        long largestRequest,
        RetrySettings retries,
        ServerTimeouts timeouts) {

    /** The Python agent's {@code api.auth.token_expiration_threshold_sec}: 12 hours. */
    public static final Duration RENEW_BEFORE = Duration.ofHours(12);

    /** The Python agent's {@code api.http.max_req_size}: 15 MiB. */
    public static final long LARGEST_REQUEST = 15L << 20;

    /** Checks the address. */
    public ServerConnectionSettings {
        apiServer = checked(apiServer);
        webServer = withoutSlash(webServer);
        Objects.requireNonNull(credentials);
        Objects.requireNonNull(workerHost);
        Objects.requireNonNull(agentVersion);
        Objects.requireNonNull(renewBefore);
        Objects.requireNonNull(tokenLifetime);
        Objects.requireNonNull(retries);
        Objects.requireNonNull(timeouts);
        if (largestRequest < 1) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "api.http.max_req_size is '" + largestRequest + "'; it must be a positive number of bytes");
        }
    }

    /** A connection with the defaults of the Python agent. */
    public static ServerConnectionSettings of(
            URI apiServer, Credentials credentials, String workerHost, String agentVersion) {
        return new ServerConnectionSettings(
                apiServer,
                "",
                credentials,
                workerHost,
                agentVersion,
                RENEW_BEFORE,
                Duration.ZERO,
                LARGEST_REQUEST,
                RetrySettings.DEFAULT,
                ServerTimeouts.DEFAULT);
    }

    /** The same with the web server's address. */
    public ServerConnectionSettings withWebServer(String address) {
        return new ServerConnectionSettings(
                apiServer,
                address,
                credentials,
                workerHost,
                agentVersion,
                renewBefore,
                tokenLifetime,
                largestRequest,
                retries,
                timeouts);
    }

    /** The same with other patience. */
    public ServerConnectionSettings withPatience(RetrySettings newRetries, ServerTimeouts newTimeouts) {
        return new ServerConnectionSettings(
                apiServer,
                webServer,
                credentials,
                workerHost,
                agentVersion,
                renewBefore,
                tokenLifetime,
                largestRequest,
                newRetries,
                newTimeouts);
    }

    private static URI checked(URI address) {
        if (address.getRawUserInfo() != null) {
            // the address itself would show the password
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "api.api_server for host '" + address.getHost()
                            + "' holds a user or password; put them into api.credentials");
        }
        String scheme = address.getScheme();
        if (address.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "api.api_server is '" + address + "'; it must look like 'https://api.example.com'");
        }
        return URI.create(withoutSlash(address.toString()));
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? withoutSlash(address.substring(0, address.length() - 1)) : address;
    }
}
