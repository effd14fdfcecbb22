// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import org.jspecify.annotations.Nullable;

/** Where plugins are looked for and how they are started. Immutable. */
public final class PluginHostRequest {

    private final @Nullable Path bundled;
    private final List<Path> installed;
    private final Path stateFolder;
    private final String apiVersion;
    private final List<Setting<?>> agentSettings;
    private final Set<String> agentWords;
    private final Duration startLimit;
    private final TrustedKeys trustedKeys;

    private PluginHostRequest(Builder builder) {
        bundled = builder.bundled;
        installed = List.copyOf(builder.installed);
        stateFolder = builder.stateFolder;
        apiVersion = builder.apiVersion;
        agentSettings = List.copyOf(builder.agentSettings);
        agentWords = Set.copyOf(builder.agentWords);
        startLimit = builder.startLimit;
        trustedKeys = builder.trustedKeys;
    }

    /**
     * A request for no folder yet.
     *
     * @param apiVersion the version of the API that {@code requires} is compared with
     * @param stateFolder where the host keeps what it must know at the next start, and unpacks zips; made when needed, for
     *     this user only
     */
    public static Builder builder(String apiVersion, Path stateFolder) {
        return new Builder(apiVersion, stateFolder);
    }

    /** All folders, that of the distribution first; where two hold the same id, the earlier one is used. */
    public List<Path> folders() {
        return Stream.concat(Stream.ofNullable(bundled), installed.stream()).toList();
    }

    /** Whether a plugin came with the agent. */
    public boolean isBundled(Path origin) {
        return bundled != null && origin.startsWith(bundled);
    }

    /** Where the host keeps what it must know at the next start. */
    public Path stateFolder() {
        return stateFolder;
    }

    /** The version of the API that {@code requires} is compared with. */
    public String apiVersion() {
        return apiVersion;
    }

    /** The settings that the agent itself declares, which no plugin may declare again. */
    public List<Setting<?>> agentSettings() {
        return agentSettings;
    }

    /** The agent's own commands and the options of those that plugins may add to, which no plugin may take. */
    public Set<String> agentWords() {
        return agentWords;
    }

    /** The longest time that the start of one plugin may take. */
    public Duration startLimit() {
        return startLimit;
    }

    /** Whose signatures are asked for. */
    public TrustedKeys trustedKeys() {
        return trustedKeys;
    }

    /** Collects what a request holds. */
    public static final class Builder {

        private final String apiVersion;
        private final Path stateFolder;
        private @Nullable Path bundled;
        private List<Path> installed = List.of();
        private List<Setting<?>> agentSettings = List.of();
        private Set<String> agentWords = Set.of();
        private Duration startLimit = Duration.ofSeconds(15);
        private TrustedKeys trustedKeys = TrustedKeys.read(List.of());

        private Builder(String apiVersion, Path stateFolder) {
            this.apiVersion = apiVersion;
            this.stateFolder = stateFolder;
        }

        /** The folder of the plugins that came with the agent; one that does not exist counts as empty. */
        public Builder bundled(Path folder) {
            bundled = folder;
            return this;
        }

        /** Further folders, in this order; missing folders count as empty. */
        public Builder installed(List<Path> folders) {
            installed = folders;
            return this;
        }

        /** The settings of the agent itself; none unless given. */
        public Builder agentSettings(List<Setting<?>> settings) {
            agentSettings = settings;
            return this;
        }

        /** The words of the agent's own command line; none unless given. */
        public Builder agentWords(Set<String> words) {
            agentWords = words;
            return this;
        }

        /** The longest time that the start of one plugin may take; 15 seconds unless given. */
        public Builder startLimit(Duration limit) {
            startLimit = limit;
            return this;
        }

        /** Whose signatures plugins need that did not come with the agent; none unless given. */
        public Builder trustedKeys(TrustedKeys keys) {
            trustedKeys = keys;
            return this;
        }

        /** The request. */
        public PluginHostRequest build() {
            return new PluginHostRequest(this);
        }
    }
}
