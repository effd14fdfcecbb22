// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.testkit.DirectNetwork;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import ml.clear.agent.testkit.WebStorageFaultsContract;

class S3TransportTest extends WebStorageFaultsContract {

    @Override
    protected StorageBackend backend(URI server, SSLContext trust, Duration stall, Path folder) {
        TestSettings settings = TestSettings.defaults()
                .with(S3Settings.READ_TIMEOUT, stall.toMillis() + "ms")
                .with(
                        S3Settings.CREDENTIALS,
                        List.of(Map.of(
                                "host",
                                server.getAuthority(),
                                "key",
                                "k",
                                "secret",
                                "s",
                                "secure",
                                String.valueOf(server.getScheme().equals("https")))));
        return S3Storage.of(TestContext.in(folder).with(settings).with(new DirectNetwork(trust)));
    }

    @Override
    protected StorageAddress object(URI server) {
        return StorageAddress.parse("s3://" + server.getAuthority() + "/bucket/object");
    }

    @Override
    protected Map<String, String> headers() {
        return Map.of("ETag", "\"7\"");
    }

    @Override
    protected String trustSetting() {
        return "name its authority in 'verify' of its entry in sdk.aws.s3.credentials";
    }
}
