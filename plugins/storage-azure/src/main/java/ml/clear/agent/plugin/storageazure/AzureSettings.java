// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import static ml.clear.agent.api.config.ValueTypes.ADDRESS;
import static ml.clear.agent.api.config.ValueTypes.SECRET;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.group;
import static ml.clear.agent.api.config.ValueTypes.integer;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.secret.Secret;

/** The keys of {@code sdk.azure}; the Python package in the task's process reads them too. */
final class AzureSettings {

    /** Members of an entry of {@link #CONTAINERS}. */
    static final class Entry {

        static final Setting<Optional<String>> ACCOUNT = Setting.optional("account_name", TEXT, "Account of Azure");
        static final Setting<Optional<Secret>> KEY = Setting.optional("account_key", SECRET, "Key of the account");
        static final Setting<Optional<Secret>> SAS =
                Setting.optional("sas_token", SECRET, "Shared access signature, in place of the key");
        static final Setting<Optional<String>> CONTAINER = Setting.optional(
                "container_name", TEXT, "Container that the entry is for; all of the account where absent");
        static final Setting<Optional<URI>> ENDPOINT = Setting.optional(
                "endpoint",
                ADDRESS,
                "Address of the account, where it is not Azure's: of an emulator, or another cloud");

        private Entry() {}
    }

    static final Setting<List<Settings>> CONTAINERS = Setting.of(
            "sdk.azure.storage.containers",
            list(group(List.of(Entry.ACCOUNT, Entry.KEY, Entry.SAS, Entry.CONTAINER, Entry.ENDPOINT))),
            List.of(),
            "Credentials of containers of Azure Storage; the variables AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY add one for tasks");
    static final Setting<Optional<String>> ACCOUNT = Setting.optional(
            "sdk.azure.storage.account_name", TEXT, "Account of Azure for containers without one of their own");
    static final Setting<Optional<Secret>> KEY =
            Setting.optional("sdk.azure.storage.account_key", SECRET, "Key of that account");
    static final Setting<Optional<Long>> CONNECTIONS = Setting.optional(
            "sdk.azure.storage.max_connections", integer(1, 1024), "Most connections of one transfer to Azure");

    private AzureSettings() {}

    static List<Setting<?>> all() {
        return List.of(CONTAINERS, ACCOUNT, KEY, CONNECTIONS);
    }
}
