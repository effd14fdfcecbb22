package com.acme.sftp;

import java.util.List;
import java.util.Set;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.spi.AgentPlugin;
import ml.clear.agent.api.spi.StorageFactory;

/** Offers the scheme {@code sftp}; no class of the library is loaded before an address with it is used. */
public final class SftpPlugin implements AgentPlugin {

    @Override
    public List<Setting<?>> settings() {
        return SftpSettings.ALL;
    }

    @Override
    public List<StorageFactory> storageBackends() {
        return List.of(StorageFactory.of(
                "acme-sftp",
                Set.of("sftp"),
                context -> new SftpStorage(new Connections(SftpSettings.from(context.settings())))));
    }
}
