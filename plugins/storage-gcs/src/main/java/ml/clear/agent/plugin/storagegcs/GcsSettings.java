// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.SECRET;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.group;
import static ml.clear.agent.api.config.ValueTypes.integer;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.secret.Secret;

/** The keys of {@code sdk.google}; the Python package in the task's process reads them too. */
final class GcsSettings {

    /** Members of an entry of {@link #CREDENTIALS}. */
    static final class Entry {

        static final Setting<Optional<String>> BUCKET =
                Setting.optional("bucket", TEXT, "Bucket that the entry is for");
        static final Setting<Optional<String>> SUBDIR =
                Setting.optional("subdir", TEXT, "Folder in the bucket that the entry is for");
        static final Setting<Optional<String>> PROJECT = Setting.optional("project", TEXT, "Project of the bucket");
        static final Setting<Optional<Secret>> CREDENTIALS_JSON = Setting.optional(
                "credentials_json", SECRET, "Credentials, as the path of their file or as its content");
        static final Setting<Optional<Boolean>> MULTIPART =
                Setting.optional("multipart", BOOLEAN, "Whether large files go in parts, which the store composes");

        private Entry() {}
    }

    static final Setting<List<Settings>> CREDENTIALS = Setting.of(
            "sdk.google.storage.credentials",
            list(group(List.of(Entry.BUCKET, Entry.SUBDIR, Entry.PROJECT, Entry.CREDENTIALS_JSON, Entry.MULTIPART))),
            List.of(),
            "Credentials of single buckets of Google Cloud Storage, or of folders in them");
    static final Setting<Optional<String>> PROJECT = Setting.optional(
            "sdk.google.storage.project", TEXT, "Project of Google Cloud for buckets without one of their own");
    static final Setting<Optional<Secret>> CREDENTIALS_JSON = Setting.optional(
                    "sdk.google.storage.credentials_json",
                    SECRET,
                    "Credentials for buckets without their own, as the path of their file or as its content; without them the application default credentials are used")
            .environment("GOOGLE_APPLICATION_CREDENTIALS");
    static final Setting<Long> CONNECTIONS = Setting.of(
            "sdk.google.storage.pool_connections", integer(1, 100_000), 512L, "Most connections kept open to Google");
    static final Setting<Long> CONNECTIONS_TO_HOST = Setting.of(
            "sdk.google.storage.pool_maxsize",
            integer(1, 100_000),
            1024L,
            "Most connections kept open to one host of Google");

    private GcsSettings() {}

    static List<Setting<?>> all() {
        return List.of(CREDENTIALS, PROJECT, CREDENTIALS_JSON, CONNECTIONS, CONNECTIONS_TO_HOST);
    }
}
