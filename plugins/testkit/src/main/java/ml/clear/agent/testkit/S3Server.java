// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A server that speaks S3 and checks signatures: versitygw over a folder, each bucket a folder in it. */
public final class S3Server implements AutoCloseable {

    /** The key that it knows. */
    public static final String KEY = "test-key";
    /** The secret of the key. */
    public static final String SECRET = "test-secret";

    private static final String VERSION = "1.8.0";

    private final ServerProcess process;
    private final Path buckets;

    private S3Server(ServerProcess process, Path buckets) {
        this.process = process;
        this.buckets = buckets;
    }

    /**
     * Start one over plain HTTP.
     *
     * @param folder where it keeps its objects
     */
    public static S3Server start(Path folder) throws IOException, InterruptedException {
        return start(folder, List.of());
    }

    /** Start one with the certificate and key of these files. */
    public static S3Server secured(Path folder, Path certificate, Path key) throws IOException, InterruptedException {
        return start(folder, List.of("--cert", certificate.toString(), "--key", key.toString()));
    }

    private static S3Server start(Path folder, List<String> options) throws IOException, InterruptedException {
        Path program = GoProgram.of("versitygw", "github.com/versity/versitygw/cmd/versitygw", VERSION);
        Path buckets = Files.createDirectories(folder.resolve("buckets"));
        int port = ServerProcess.freePort();
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "--port", "127.0.0.1:" + port, "--quiet", "--keep-alive"));
        command.addAll(options);
        command.addAll(List.of("posix", buckets.toString()));
        ServerProcess process = ServerProcess.start(
                command,
                Map.of("ROOT_ACCESS_KEY", KEY, "ROOT_SECRET_KEY", SECRET),
                port,
                folder.resolve("versitygw.log"));
        return new S3Server(process, buckets);
    }

    /** Its host and port. */
    public String host() {
        return "127.0.0.1:" + process.port();
    }

    /** Make a bucket; returns the folder of its objects, each a file. */
    public Path bucket(String name) throws IOException {
        return Files.createDirectories(buckets.resolve(name));
    }

    /** End it. */
    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
