// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes an authority with certificates for an engine on loopback and its clients. */
final class EngineAuthority {

    private EngineAuthority() {}

    static void createIn(Path folder) throws IOException, InterruptedException {
        Files.createDirectory(folder);
        openssl(folder, "req -x509 -nodes -newkey rsa:2048 -subj /CN=authority -keyout ca-key.pem -out ca.pem");
        signed(folder, "/CN=engine", "server-key.pem", "server.pem", "subjectAltName=IP:127.0.0.1");
        signed(folder, "/CN=client", "key.pem", "cert.pem", "extendedKeyUsage=clientAuth");
    }

    private static void signed(Path folder, String name, String key, String certificate, String extension)
            throws IOException, InterruptedException {
        openssl(
                folder,
                "req -x509 -nodes -newkey rsa:2048 -CA ca.pem -CAkey ca-key.pem -subj " + name + " -addext " + extension
                        + " -addext basicConstraints=CA:FALSE -keyout " + key + " -out " + certificate);
    }

    private static void openssl(Path folder, String words) throws IOException, InterruptedException {
        EnginePrograms.run(List.of("sh", "-c", "cd \"$0\" && openssl " + words, folder.toString()));
    }
}
