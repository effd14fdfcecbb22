// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import java.util.Comparator;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * What {@code gs://bucket/key} means, and how it is reached: by the entry of {@code sdk.google.storage.credentials} for the
 * bucket, the longest folder first, else by the general keys.
 *
 * @param bucket the bucket
 * @param key the name of the object
 * @param scope the folder of the entry, with a slash at its end; empty for the whole bucket
 * @param credentials a path or the content of a file; empty for the application default credentials
 * @param project the project, empty where no key gives one
 * @param multipart whether there may be parts
 */
record GcsAccess(String bucket, String key, String scope, Secret credentials, String project, boolean multipart) {

    private static final Secret NONE = Secret.of("");

    static GcsAccess of(StorageAddress address, Settings settings) {
        String bucket = address.authority();
        if (bucket.isEmpty()) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED, "'" + address + "' names no bucket; write gs://bucket/key");
        }
        Optional<Settings> entry = settings.get(GcsSettings.CREDENTIALS).stream()
                .filter(each -> text(each, GcsSettings.Entry.BUCKET).equals(bucket))
                .filter(each -> (address.key() + "/").startsWith(folder(each)))
                .max(Comparator.comparingInt(each -> folder(each).length()));
        Secret general = settings.get(GcsSettings.CREDENTIALS_JSON).orElse(NONE);
        String project = text(settings, GcsSettings.PROJECT);
        return entry.map(found -> new GcsAccess(
                        bucket,
                        address.key(),
                        folder(found),
                        found.get(GcsSettings.Entry.CREDENTIALS_JSON).orElse(general),
                        found.get(GcsSettings.Entry.PROJECT).map(String::strip).orElse(project),
                        found.get(GcsSettings.Entry.MULTIPART).orElse(true)))
                .orElseGet(() -> new GcsAccess(bucket, address.key(), "", general, project, true));
    }

    private static String folder(Settings entry) {
        String folder = text(entry, GcsSettings.Entry.SUBDIR).replaceAll("^/+|/+$", "");
        return folder.isEmpty() ? "" : folder + "/";
    }

    private static String text(Settings settings, Setting<Optional<String>> setting) {
        return settings.get(setting).map(String::strip).orElse("");
    }

    /** What makes a client different from that of another place. */
    record ClientKey(String credentials, String project) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "client for project '" + project + "'";
        }
    }

    ClientKey clientKey() {
        return new ClientKey(credentials.reveal().strip(), project);
    }
}
