// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** Offers the credentials of the configuration, of {@code ~/.netrc}, and of git's credential helpers. */
public final class CredentialsGitPlugin implements AgentPlugin {

    /** For the service loader. */
    public CredentialsGitPlugin() {}

    @Override
    public List<Setting<?>> settings() {
        return CredentialSettings.DECLARED;
    }

    @Override
    public List<Factory<VcsCredentialProvider>> credentialProviders() {
        return List.of(
                Factory.of(
                        "git-config",
                        context -> new ConfiguredCredentials(CredentialSettings.from(context.settings()))),
                Factory.of("netrc", context -> new NetrcCredentials(context.environment())),
                Factory.of(
                        "git-credential-helper",
                        context -> new CredentialHelper(context.commands(), context.environment())));
    }
}
