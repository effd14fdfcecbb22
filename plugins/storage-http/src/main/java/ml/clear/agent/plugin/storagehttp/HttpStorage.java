// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;

/** Files on the files server of ClearML, and what other web servers offer for reading. */
final class HttpStorage implements StorageBackend {

    private static final Duration STALL = Duration.ofMinutes(1);
    private static final int PARTIAL = 206;
    private static final int UNSATISFIABLE = 416;

    /** Servers that refuse HEAD, also those whose signed addresses hold for GET alone. */
    private static final Set<Integer> NO_HEAD = Set.of(400, 403, 405, 501);

    private final WebClient web;
    private final FilesServer filesServer;

    HttpStorage(PluginContext context) {
        this(context, STALL);
    }

    /** @param stall longest wait for an answer, and for its next bytes */
    HttpStorage(PluginContext context, Duration stall) {
        filesServer = new FilesServer(context.server());
        web = new WebClient(context.network(), filesServer, stall);
    }

    @Override
    public Set<StorageCapability> capabilities(StorageAddress place) {
        return filesServer.has(place)
                ? EnumSet.of(StorageCapability.WRITE, StorageCapability.DELETE, StorageCapability.RANGES)
                : EnumSet.of(StorageCapability.RANGES);
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) throws InterruptedException {
        HttpResponse<InputStream> answer =
                web.send(object, web.request(object).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        if (NO_HEAD.contains(answer.statusCode())) {
            answer = web.send(
                    object,
                    web.request(object)
                            .header("Range", new ByteRange(0, 1).header())
                            .GET());
        }
        WebClient.drop(answer);
        return switch (answer.statusCode()) {
            case 200, PARTIAL -> Optional.of(Headers.describe(object, answer.headers()));
            case UNSATISFIABLE -> Optional.of(Headers.describe(object, answer.headers())); // empty
            case 404, 410 -> Optional.empty();
            default -> throw HttpFailure.of("read", object, answer, filesServer);
        };
    }

    @Override
    public ObjectContent read(StorageAddress object, ByteRange range) throws InterruptedException {
        HttpRequest.Builder request = web.request(object).GET();
        if (!range.isAll()) {
            request.header("Range", range.header());
        }
        HttpResponse<InputStream> answer = web.send(object, request);
        return switch (answer.statusCode()) {
            case PARTIAL -> new ObjectContent(Headers.describe(object, answer.headers()), web.body(answer));
            case 200 -> whole(object, range, answer);
            case UNSATISFIABLE -> {
                WebClient.drop(answer);
                yield new ObjectContent(Headers.describe(object, answer.headers()), InputStream.nullInputStream());
            }
            default -> {
                WebClient.drop(answer);
                throw HttpFailure.of("read", object, answer, filesServer);
            }
        };
    }

    /** A server that knows no ranges sends everything. */
    private ObjectContent whole(StorageAddress object, ByteRange range, HttpResponse<InputStream> answer) {
        StoredObject facts = Headers.describe(object, answer.headers());
        if (range.isAll()) {
            return new ObjectContent(facts, web.body(answer));
        }
        return new ObjectContent(facts, new PartOfStream(web.body(answer), range));
    }

    @Override
    public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition)
            throws InterruptedException {
        if (!filesServer.has(target)) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "'" + target + "' is not below api.files_server, and other web servers are only read; name an"
                            + " address below the files server");
        }
        if (!condition.equals(WriteCondition.NONE)) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "the files server has no conditional writes, which '" + target + "' needs; use another store");
        }
        HttpResponse<InputStream> answer = web.send(target, filesServer.upload(web, target, content));
        WebClient.drop(answer);
        if (answer.statusCode() != 200) {
            throw HttpFailure.of("write", target, answer, filesServer);
        }
        return stat(target)
                .orElseThrow(() -> new AgentException(
                        ErrorCode.DAMAGED,
                        "'" + target + "' is not there after it was stored; check the log of the files server"));
    }

    @Override
    public ObjectPage list(ObjectListing listing) {
        throw new AgentException(
                ErrorCode.STORAGE_FAILED,
                "web servers and the files server list nothing, so '" + listing.folder()
                        + "' cannot be listed; name a single object");
    }

    @Override
    public void delete(StorageAddress object) throws InterruptedException {
        if (!filesServer.has(object)) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "'" + object + "' is not below api.files_server, and other web servers are only read");
        }
        HttpResponse<InputStream> answer = web.send(object, web.request(object).DELETE());
        WebClient.drop(answer);
        if (answer.statusCode() != 200 && answer.statusCode() != 204 && answer.statusCode() != 404) {
            throw HttpFailure.of("delete", object, answer, filesServer);
        }
    }

    @Override
    public void close() {
        web.close();
    }

    /** Bytes of a range out of a stream of the whole. */
    private static final class PartOfStream extends InputStream {

        private final InputStream whole;
        private long toSkip;
        private long left;

        PartOfStream(InputStream whole, ByteRange range) {
            this.whole = whole;
            this.toSkip = range.first();
            this.left = range.length() < 0 ? Long.MAX_VALUE : range.length();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            while (toSkip > 0) {
                int skipped = whole.read(buffer, offset, (int) Math.min(length, toSkip));
                if (skipped < 0) {
                    return -1;
                }
                toSkip -= skipped;
            }
            if (left == 0) {
                return -1;
            }
            int read = whole.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            whole.close();
        }
    }
}
