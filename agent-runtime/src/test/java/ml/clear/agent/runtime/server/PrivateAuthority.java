// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority that no client trusts, made for one test, and a server certificate that it signed. */
final class PrivateAuthority {

    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path store;
    private final Set<String> known = new HashSet<>();

    private PrivateAuthority(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("identity.p12");
    }

    static PrivateAuthority create(Path folder) throws Exception {
        PrivateAuthority authority = new PrivateAuthority(folder);
        authority.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=Private Authority", "-ext", "bc:c=ca:true");
        authority.keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "ca",
                "-file",
                authority.bundle().toString());
        return authority;
    }

    /** The authority's certificate, in PEM form. */
    Path bundle() {
        return folder.resolve("authority.pem");
    }

    /**
     * A server's side of a connection.
     *
     * @param name what its certificate is made out to, such as {@code dns:localhost}
     */
    SSLContext identity(String name) throws Exception {
        String alias = name.replace(':', '-');
        if (known.add(alias)) {
            keytool("-genkeypair", "-alias", alias, "-dname", "CN=server", "-signer", "ca", "-ext", "san=" + name);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD.toCharArray());
        }
        for (String entry : Collections.list(keys.aliases())) {
            if (!entry.equals(alias)) {
                keys.deleteEntry(entry);
            }
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        if (command.contains("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException(output);
        }
    }
}
