// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storageazure;

import java.net.URI;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * What {@code azure://account.blob.core.windows.net/container/key} means, and how it is reached: by the entry of
 * {@code sdk.azure.storage.containers} for this account and container, else by the one for the account, else by the general keys
 * or the variables.
 *
 * @param account the account
 * @param container the container
 * @param blob the key, empty for the whole container
 * @param endpoint the address of the account
 * @param key the key of the account, empty for none
 * @param signature the shared access signature, empty for none
 */
record AzureAccess(String account, String container, String blob, String endpoint, Secret key, Secret signature) {

    private static final Secret NONE = Secret.of("");

    static AzureAccess of(StorageAddress address, Settings settings, Map<String, String> environment) {
        String host = address.authority();
        String account = host.contains(".") ? host.substring(0, host.indexOf('.')) : host;
        int slash = address.key().indexOf('/');
        String container = slash < 0 ? address.key() : address.key().substring(0, slash);
        String blob = slash < 0 ? "" : address.key().substring(slash + 1);
        if (container.isEmpty() || account.isEmpty()) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "'" + address + "' names no container; write azure://account.blob.core.windows.net/container/key");
        }
        String usual = "https://" + (host.contains(".") ? host : host + ".blob.core.windows.net");
        Optional<Settings> entry = settings.get(AzureSettings.CONTAINERS).stream()
                .filter(each -> text(each, AzureSettings.Entry.ACCOUNT).equals(account))
                .filter(each -> {
                    String own = text(each, AzureSettings.Entry.CONTAINER);
                    return own.isEmpty() || own.equals(container);
                })
                .max(Comparator.comparingInt(
                        each -> text(each, AzureSettings.Entry.CONTAINER).isEmpty() ? 0 : 1));
        if (entry.isPresent()) {
            Settings found = entry.get();
            return new AzureAccess(
                    account,
                    container,
                    blob,
                    found.get(AzureSettings.Entry.ENDPOINT).map(URI::toString).orElse(usual),
                    found.get(AzureSettings.Entry.KEY).orElse(NONE),
                    found.get(AzureSettings.Entry.SAS).orElse(NONE));
        }
        return new AzureAccess(account, container, blob, usual, generalKey(account, settings, environment), NONE);
    }

    private static Secret generalKey(String account, Settings settings, Map<String, String> environment) {
        if (text(settings, AzureSettings.ACCOUNT).equals(account)) {
            return settings.get(AzureSettings.KEY).orElse(NONE);
        }
        return environment.getOrDefault("AZURE_STORAGE_ACCOUNT", "").equals(account)
                ? Secret.of(environment.getOrDefault("AZURE_STORAGE_KEY", ""))
                : NONE;
    }

    private static String text(Settings settings, Setting<Optional<String>> setting) {
        return settings.get(setting).map(String::strip).orElse("");
    }

    /** Whether requests carry no credentials. */
    boolean isAnonymous() {
        return key.isEmpty() && signature.isEmpty();
    }

    /** What the keys of a folder begin with. */
    String folder() {
        return blob.isEmpty() || blob.endsWith("/") ? blob : blob + "/";
    }

    /** The address of another blob of the container. */
    StorageAddress address(StorageAddress sibling, String other) {
        return sibling.withKey(container + "/" + other);
    }

    /** What makes a client different from that of another place. */
    record ClientKey(String account, String endpoint, String key, String signature) {

        /** Without the secrets. */
        @Override
        public String toString() {
            return "client of account '" + account + "'";
        }
    }

    ClientKey clientKey() {
        return new ClientKey(account, endpoint, key.reveal(), signature.reveal());
    }
}
