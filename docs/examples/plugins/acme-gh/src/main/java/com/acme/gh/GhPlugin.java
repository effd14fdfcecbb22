package com.acme.gh;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** Offers the credential provider {@code acme-gh}. */
public final class GhPlugin implements AgentPlugin {

    @Override
    public List<Setting<?>> settings() {
        return List.of(GhTokens.FILE);
    }

    @Override
    public List<Factory<VcsCredentialProvider>> credentialProviders() {
        return List.of(
                Factory.of("acme-gh", context -> new GhTokens(context.settings().get(GhTokens.FILE))));
    }
}
