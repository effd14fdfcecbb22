package ${package};

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.Factory;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** Says what the plugin offers, and does no work: this happens at each start of the agent. */
public final class TokenPlugin implements AgentPlugin {

    @Override
    public List<Setting<?>> settings() {
        return List.of(TokenFiles.FOLDER);
    }

    @Override
    public List<Factory<VcsCredentialProvider>> credentialProviders() {
        return List.of(Factory.of(
                "${pluginId}", context -> new TokenFiles(context.settings().get(TokenFiles.FOLDER))));
    }
}
