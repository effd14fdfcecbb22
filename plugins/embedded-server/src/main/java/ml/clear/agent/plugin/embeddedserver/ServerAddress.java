// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** How a listening address is written for clients. */
final class ServerAddress {

    private ServerAddress() {}

    /** The address of the API; one that listens everywhere is named by loopback. */
    static URI api(InetSocketAddress listening, boolean secure) {
        InetAddress address = listening.getAddress();
        String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        String written = host.contains(":") ? "[" + host + "]" : host;
        return URI.create((secure ? "https://" : "http://") + written + ":" + listening.getPort());
    }

    /** The address of the files server. */
    static URI files(URI api) {
        return URI.create(api + "/files");
    }

    /** A block for {@code clearml.conf}; a server on this machine answers too fast for a process that reports to pay off. */
    static String configuration(URI api, Credentials credentials, Optional<Path> certificate) {
        String trust = certificate
                .map(file -> "\n    verify_certificate: \"" + file + "\"")
                .orElse("");
        return """
            api {
                api_server: %s
                web_server: %s
                files_server: %s
                credentials { "access_key": "%s", "secret_key": "%s" }%s
            }
            sdk.development.report_use_subprocess: false  # saves scripts seconds at their exit""".formatted(
                        api,
                        api,
                        files(api),
                        credentials.accessKey(),
                        credentials.secretKey().reveal(),
                        trust);
    }
}
