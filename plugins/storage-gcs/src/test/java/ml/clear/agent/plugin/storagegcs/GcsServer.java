// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagegcs;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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

    /** Make a bucket, without the client: its conversion of buckets needs libraries that the plugin does without. */
    void bucket(String name) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(address() + "/storage/v1/b?project=test").toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        try (OutputStream body = connection.getOutputStream()) {
            body.write(("{\"name\": \"" + name + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        if (connection.getResponseCode() != 200) {
            throw new IOException("the emulator makes no bucket: " + connection.getResponseMessage());
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
