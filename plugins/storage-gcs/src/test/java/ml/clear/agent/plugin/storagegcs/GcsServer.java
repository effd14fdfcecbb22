// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.testkit.GoProgram;
import ml.clear.agent.testkit.ServerProcess;

/** The emulator of Google Cloud Storage, with its objects in memory. It asks for no credentials. */
final class GcsServer implements AutoCloseable {

    private static final String VERSION = "1.56.1";

    private final ServerProcess process;

    private GcsServer(ServerProcess process) {
        this.process = process;
    }

    static GcsServer start(Path folder) throws IOException, InterruptedException {
        Path program = GoProgram.of("fake-gcs-server", "github.com/fsouza/fake-gcs-server", VERSION);
        int port = ServerProcess.freePort();
        return new GcsServer(ServerProcess.start(
                List.of(
                        program.toString(),
                        "-scheme",
                        "http",
                        "-host",
                        "127.0.0.1",
                        "-port",
                        String.valueOf(port),
                        "-backend",
                        "memory",
                        "-log-level",
                        "warn"),
                Map.of(),
                port,
                folder.resolve("fake-gcs-server.log")));
    }

    String address() {
        return "http://127.0.0.1:" + process.port();
    }

    /** Make a bucket. */
    void bucket(String name) throws Exception {
        try (Storage client = StorageOptions.http()
                .setHost(address())
                .setProjectId("test")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService()) {
            client.create(BucketInfo.of(name));
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
