// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.ServerAccess;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;

/** The files server of ClearML: which addresses it has, and how it takes files. */
final class FilesServer {

    private final ServerAccess server;

    FilesServer(ServerAccess server) {
        this.server = server;
    }

    /** Whether an address is below it: its token goes nowhere else. */
    boolean has(StorageAddress address) {
        return base().filter(base -> contains(base, address)).isPresent();
    }

    /** A token of the server, empty when there is none. */
    Optional<Secret> token() throws InterruptedException {
        return server.token();
    }

    /**
     * The request that stores an object. The name of its only field, with a leading slash, decides where it goes; the server
     * takes the name as it is.
     */
    HttpRequest.Builder upload(WebClient web, StorageAddress target, ObjectSource content) throws InterruptedException {
        StorageAddress base = base().orElseThrow();
        String name = "/" + target.key().substring(base.folderKey().length());
        if (name.chars().anyMatch(c -> c < ' ')) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "'" + target + "' has control characters, which the files server does not take in names");
        }
        String quoted = name.replace("\\", "\\\\").replace("\"", "\\\"");
        String boundary = UUID.randomUUID().toString();
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted + "\"; filename=\""
                        + quoted + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofByteArray(head),
                BodyPublishers.ofInputStream(() -> opened(content)),
                BodyPublishers.ofByteArray(tail));
        return web.upload(URI.create(withoutSlash(base.text())))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.fromPublisher(body, head.length + content.size() + tail.length));
    }

    private static InputStream opened(ObjectSource content) {
        try {
            return content.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<StorageAddress> base() {
        return server.filesServer().map(URI::toString).map(StorageAddress::parse);
    }

    private static boolean contains(StorageAddress base, StorageAddress address) {
        return base.scheme().equals(address.scheme())
                && withPort(base).equalsIgnoreCase(withPort(address))
                && address.key().startsWith(base.folderKey());
    }

    private static String withPort(StorageAddress address) {
        String host = address.authority();
        boolean hasPort = host.indexOf(':', host.lastIndexOf(']') + 1) >= 0;
        return hasPort ? host : host + (address.scheme().equals("https") ? ":443" : ":80");
    }

    private static String withoutSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
