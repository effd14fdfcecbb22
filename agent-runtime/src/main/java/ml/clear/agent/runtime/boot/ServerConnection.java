// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.time.Duration;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.runtime.config.ApiSettings;
import ml.clear.agent.runtime.server.RetrySettings;
import ml.clear.agent.runtime.server.ServerConnectionSettings;
import ml.clear.agent.runtime.server.ServerTimeouts;

/** Reads from the configuration how to talk to a server. */
final class ServerConnection {

    private ServerConnection() {}

    static ServerConnectionSettings settings(ServerInUse server, Settings settings, String host, String version) {
        return settings(server, settings, host, version, retries(settings));
    }

    /** With few repetitions, for a command whose user waits for the answer. */
    static ServerConnectionSettings once(ServerInUse server, Settings settings, String host, String version) {
        return settings(
                server,
                settings,
                host,
                version,
                new RetrySettings(2, Duration.ofSeconds(1), Duration.ofSeconds(2), false));
    }

    private static ServerConnectionSettings settings(
            ServerInUse server, Settings settings, String host, String version, RetrySettings retries) {
        return new ServerConnectionSettings(
                server.api(),
                server.web(),
                server.credentials(),
                host,
                version,
                settings.get(ApiSettings.TOKEN_EXPIRATION_THRESHOLD),
                settings.get(ApiSettings.REQUEST_TOKEN_EXPIRATION).orElse(Duration.ZERO),
                settings.get(ApiSettings.MAX_REQUEST_SIZE),
                retries,
                ServerTimeouts.DEFAULT);
    }

    private static RetrySettings retries(Settings settings) {
        return new RetrySettings(
                Math.toIntExact(settings.get(ApiSettings.RETRIES_TOTAL)),
                Duration.ofMillis(Math.round(settings.get(ApiSettings.BACKOFF_FACTOR) * 1000)),
                settings.get(ApiSettings.BACKOFF_MAX),
                settings.get(ApiSettings.WAIT_ON_MAINTENANCE));
    }
}
