// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.runtime.config.SdkSettings;
import ml.clear.agent.runtime.server.Credentials;

/**
 * The server that this run of the agent talks to.
 *
 * @param api the address of the API
 * @param web the address that result pages are printed with, empty when unknown
 * @param files the address of the files server, empty when unknown
 * @param credentials the credentials to log in with
 * @param offered whether a plugin provides it, because no configuration names one
 * @param notice the message about it to print, empty for none
 */
public record ServerInUse(URI api, String web, String files, Credentials credentials, boolean offered, String notice) {

    /** Checks for absence. */
    public ServerInUse {
        Objects.requireNonNull(api);
        Objects.requireNonNull(web);
        Objects.requireNonNull(files);
        Objects.requireNonNull(credentials);
        Objects.requireNonNull(notice);
    }

    /**
     * The configuration values with which a task's process uses the same server; they contain the secret.
     *
     * <p>Where nothing is configured, models are kept on the files server: the SDK would leave them in the task's work
     * folder, which is deleted when the task ends. Unless it is configured, the SDK reports without a separate process,
     * since a task would wait several seconds for that process at its exit.
     */
    Map<String, Object> taskConfiguration(Settings settings) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("api.api_server", api.toString());
        if (!web.isEmpty()) {
            keys.put("api.web_server", web);
        }
        if (!files.isEmpty()) {
            keys.put("api.files_server", files);
        }
        if (offered
                && !files.isEmpty()
                && settings.get(SdkSettings.DEFAULT_OUTPUT_URI)
                        .filter(uri -> !uri.isEmpty())
                        .isEmpty()) {
            keys.put(SdkSettings.DEFAULT_OUTPUT_URI.key(), files);
        }
        if (!settings.isSet(SdkSettings.REPORT_USE_SUBPROCESS)) {
            keys.put(SdkSettings.REPORT_USE_SUBPROCESS.key(), settings.get(SdkSettings.REPORT_USE_SUBPROCESS));
        }
        if (credentials instanceof Credentials.KeyPair(String accessKey, var secretKey)) {
            keys.put("api.credentials.access_key", accessKey);
            keys.put("api.credentials.secret_key", secretKey.reveal());
        }
        return keys;
    }
}
