// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.service.BackgroundService;
import ml.clear.agent.api.service.BackgroundService.Offer;
import ml.clear.agent.api.service.ServiceEndpoint;
import ml.clear.agent.runtime.config.ApiSettings;
import ml.clear.agent.runtime.server.Credentials;

/**
 * Finds the server: the one that the configuration names, else one that a plugin offers, which is started when it does not
 * run. See {@code docs/decisions/0002-the-embedded-server-is-found-not-passed.md}.
 */
final class ServerLocator {

    private static final String TOKEN = "CLEARML_AUTH_TOKEN";

    private final Settings settings;
    private final Map<String, String> environment;

    ServerLocator(Settings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** The server that the configuration names. */
    Optional<ServerInUse> configured() {
        return settings.get(ApiSettings.API_SERVER)
                .or(() -> settings.get(ApiSettings.HOST))
                .map(api -> new ServerInUse(
                        api,
                        text(settings.get(ApiSettings.WEB_SERVER)),
                        text(settings.get(ApiSettings.FILES_SERVER)),
                        credentials(api),
                        false,
                        ""));
    }

    /**
     * A server that a plugin offers.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when none does
     */
    ServerInUse offered(List<BackgroundService> services) throws InterruptedException {
        BackgroundService service = services.stream()
                .filter(candidate -> candidate.offers().contains(Offer.CLEARML_SERVER))
                .findFirst()
                .orElseThrow(() -> new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "no server: api.api_server is not set and no plugin offers a server; set api.api_server in"
                                + " clearml.conf, or CLEARML_API_HOST"));
        ServiceEndpoint endpoint = service.ensureRunning();
        return new ServerInUse(
                endpoint.api(),
                endpoint.web().toString(),
                endpoint.files().toString(),
                new Credentials.KeyPair(endpoint.accessKey(), endpoint.secretKey()),
                true,
                (endpoint.fresh() ? "started an embedded server at " : "using the embedded server at ") + endpoint.api()
                        + "; it keeps running in the background, stop it with: " + endpoint.stopCommand());
    }

    private Credentials credentials(URI api) {
        String token = environment.getOrDefault(TOKEN, "");
        if (!token.isEmpty()) {
            return new Credentials.ReadyToken(Secret.of(token));
        }
        Optional<Secret> accessKey = settings.get(ApiSettings.ACCESS_KEY);
        Optional<Secret> secretKey = settings.get(ApiSettings.SECRET_KEY);
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "no credentials for '" + api + "': set api.credentials.access_key and api.credentials.secret_key in"
                            + " clearml.conf, or CLEARML_API_ACCESS_KEY and CLEARML_API_SECRET_KEY");
        }
        return new Credentials.KeyPair(accessKey.get().reveal(), secretKey.get());
    }

    private static String text(Optional<URI> address) {
        return address.map(URI::toString).orElse("");
    }
}
