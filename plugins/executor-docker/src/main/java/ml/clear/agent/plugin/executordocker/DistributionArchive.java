// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * A packed distribution of the agent, {@code clearml-agent-VERSION-PLATFORM.tar.gz}, beside which {@code ….tar.gz.sha256} holds its
 * digest.
 */
record DistributionArchive(StorageAddress address, AgentVersion version, String platform) {

    private static final Pattern NAME =
            Pattern.compile("clearml-agent-(\\d+\\.\\d+\\.\\d+)-(linux-[a-z0-9_]+)\\.tar\\.gz");

    /** The archive at an address; empty when the name is that of something else. */
    static Optional<DistributionArchive> of(StorageAddress address) {
        Matcher name = NAME.matcher(address.name());
        return name.matches()
                ? AgentVersion.of(name.group(1))
                        .map(version -> new DistributionArchive(address, version, name.group(2)))
                : Optional.empty();
    }

    /** The name of this machine in archives. */
    static String thisPlatform() {
        return System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-x64";
    }

    StorageAddress checksum() {
        return address.withKey(address.key() + ".sha256");
    }
}
