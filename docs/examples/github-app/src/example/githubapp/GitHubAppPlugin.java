// SPDX-License-Identifier: Apache-2.0
package example.githubapp;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** Offers the tokens of a GitHub App. */
public final class GitHubAppPlugin implements AgentPlugin {

    static final Setting<Optional<String>> APP =
            Setting.optional("github_app.app_id", ValueTypes.TEXT, "Id of the GitHub App");
    static final Setting<Optional<String>> INSTALLATION = Setting.optional(
            "github_app.installation_id", ValueTypes.TEXT, "Id of the App's installation in the organisation");
    static final Setting<Optional<Path>> KEY = Setting.optional(
            "github_app.private_key", ValueTypes.PATH, "File with the App's private key, as GitHub gives it (PEM)");
    static final Setting<String> HOST =
            Setting.of("github_app.host", ValueTypes.TEXT, "github.com", "The host whose repositories the App opens");
    static final Setting<URI> API = Setting.of(
            "github_app.api", ValueTypes.ADDRESS, URI.create("https://api.github.com"), "Address of GitHub's API");

    /** For the service loader. */
    public GitHubAppPlugin() {}

    @Override
    public List<Setting<?>> settings() {
        return List.of(APP, INSTALLATION, KEY, HOST, API);
    }

    @Override
    public List<Factory<VcsCredentialProvider>> credentialProviders() {
        return List.of(Factory.of("github-app", GitHubAppPlugin::provider));
    }

    /** Without an App the provider knows nothing, so that the plugin may lie in the folder unused. */
    private static VcsCredentialProvider provider(PluginContext context) {
        Settings settings = context.settings();
        Optional<String> app = settings.get(APP);
        Optional<String> installation = settings.get(INSTALLATION);
        Optional<Path> key = settings.get(KEY);
        if (app.isEmpty() || installation.isEmpty() || key.isEmpty()) {
            return new Nothing();
        }
        InstallationTokens tokens =
                new InstallationTokens(context, settings.get(API), app.get(), installation.get(), key.get());
        return new GitHubAppCredentials(settings.get(HOST), tokens);
    }

    private record Nothing() implements VcsCredentialProvider {

        @Override
        public List<VcsCredential> lookUp(RepositoryAddress repository) {
            return List.of();
        }
    }
}
