// SPDX-License-Identifier: Apache-2.0
package example.githubapp;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.PluginContext;

/** Asks GitHub for tokens of one installation of an App, and keeps the newest until shortly before it expires. */
final class InstallationTokens {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final Pattern TOKEN = Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern EXPIRY = Pattern.compile("\"expires_at\"\\s*:\\s*\"([^\"]+)\"");

    /** What stands before an RSA key of PKCS #1, which GitHub gives, in PKCS #8, which Java reads. */
    private static final String PKCS8_START = "020100300d06092a864886f70d0101010500";

    private final PluginContext context;
    private final URI api;
    private final String app;
    private final String installation;
    private final Path keyFile;
    private final HttpClient http;
    private Secret token = Secret.of("");
    private Instant expiry = Instant.MIN;

    InstallationTokens(PluginContext context, URI api, String app, String installation, Path keyFile) {
        this.context = context;
        this.api = api;
        this.app = app;
        this.installation = installation;
        this.keyFile = keyFile;
        this.http = HttpClient.newBuilder()
                .sslContext(context.network().sslContext())
                .proxy(context.network().proxySelector())
                .connectTimeout(LIMIT)
                .build();
    }

    synchronized Secret current() throws InterruptedException {
        if (token.isEmpty() || context.clock().instant().isAfter(expiry.minus(MARGIN))) {
            renew();
        }
        return token;
    }

    synchronized void forget() {
        token = Secret.of("");
    }

    private void renew() throws InterruptedException {
        URI address = api.resolve("/app/installations/" + installation + "/access_tokens");
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Authorization", "Bearer " + signed().reveal())
                    .header("Accept", "application/vnd.github+json")
                    .timeout(LIMIT)
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            Matcher found = TOKEN.matcher(answer.body());
            Matcher until = EXPIRY.matcher(answer.body());
            if (answer.statusCode() != 201 || !found.find() || !until.find()) {
                throw unavailable("GitHub answered " + answer.statusCode() + " at " + address, null);
            }
            token = Secret.of(found.group(1));
            expiry = Instant.parse(until.group(1));
            context.secrets().register(token);
        } catch (IOException e) {
            throw unavailable("cannot reach " + address + ": " + e, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unavailable("'" + keyFile + "' holds no RSA key", e);
        }
    }

    /** The App's own proof of who it is, valid for some minutes. */
    private Secret signed() throws IOException, GeneralSecurityException {
        long now = context.clock().instant().getEpochSecond();
        String claims = "{\"iat\":" + (now - 60) + ",\"exp\":" + (now + 540) + ",\"iss\":\"" + app + "\"}";
        String text = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return Secret.of(text + "." + encoded(signature.sign()));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private PrivateKey key() throws IOException, GeneralSecurityException {
        String pem = Files.readString(keyFile);
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
        byte[] pkcs8 = pem.contains("BEGIN RSA PRIVATE KEY") ? pkcs8(der) : der;
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] pkcs8(byte[] pkcs1) {
        byte[] start = java.util.HexFormat.of().parseHex(PKCS8_START);
        return element(0x30, joined(start, element(0x04, pkcs1)));
    }

    /** An element of DER: its tag, its length in two bytes, and what it holds. */
    private static byte[] element(int tag, byte[] content) {
        byte[] head = {(byte) tag, (byte) 0x82, (byte) (content.length >> 8), (byte) content.length};
        return joined(head, content);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static AgentException unavailable(String why, Exception cause) {
        return new AgentException(
                ErrorCode.CREDENTIAL_STORE_UNAVAILABLE, "no token of the GitHub App: " + why + "; check github_app", cause);
    }
}
