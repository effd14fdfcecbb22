// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Copies what a container writes to the streams of this process, on a thread of its own, until the container ends. */
final class ContainerOutput {

    private static final System.Logger LOG = System.getLogger(ContainerOutput.class.getName());
    private static final int HEADER = 8;
    private static final int STDERR = 2;
    private static final long LONGEST_FAREWELL_MILLIS = 10_000;

    private final Thread thread;

    private ContainerOutput(Thread thread) {
        this.thread = thread;
    }

    static ContainerOutput copy(EngineApi engine, String container) {
        return new ContainerOutput(Thread.ofVirtual()
                .name("output of container " + container)
                .start(() -> {
                    String path = "/containers/" + container + "/logs?follow=true&stdout=true&stderr=true";
                    try (Response response = engine.open("GET", path, Map.of());
                            DataInputStream in = new DataInputStream(response.getBody())) {
                        // never closed: the agent writes to them too
                        frames(in, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
                    } catch (IOException | RuntimeException e) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "the output of the container is not shown: {0}",
                                e.getMessage());
                    }
                }));
    }

    /** Each frame has the number of its stream in the first byte, and its length in the last four of eight. */
    static void frames(DataInputStream in, OutputStream out, OutputStream err) throws IOException {
        byte[] header = new byte[HEADER];
        while (true) {
            try {
                in.readFully(header);
            } catch (EOFException e) {
                return;
            }
            int length = ((header[4] & 0xff) << 24)
                    | ((header[5] & 0xff) << 16)
                    | ((header[6] & 0xff) << 8)
                    | (header[7] & 0xff);
            OutputStream target = header[0] == STDERR ? err : out;
            target.write(in.readNBytes(length));
            target.flush();
        }
    }

    /** Wait for the last lines of a container that has ended. */
    void finish() {
        try {
            thread.join(LONGEST_FAREWELL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
