// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storages3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The requests of the SDK over Apache's client. The adapter that comes with the SDK sends a body in pieces of 4 KiB, for
 * which an upload pays with a third of its processor time.
 */
final class S3Transport implements SdkHttpClient {

    private static final int PIECE = 1 << 17;

    /** Apache's client sets them itself, from the target and from the body. */
    private static final Set<String> OWN_HEADERS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        OWN_HEADERS.addAll(List.of(HttpHeaders.HOST, HttpHeaders.CONTENT_LENGTH));
    }

    private final CloseableHttpClient http;

    S3Transport(CloseableHttpClient http) {
        this.http = http;
    }

    @Override
    public String clientName() {
        return "Apache5";
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Execution(request);
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            throw new IllegalStateException("the connections to the store cannot be closed", e);
        }
    }

    private static HttpHost target(SdkHttpRequest request) {
        boolean usual = request.port() == (request.protocol().equals("https") ? 443 : 80);
        return new HttpHost(request.protocol(), request.host(), usual ? -1 : request.port());
    }

    private static ClassicHttpRequest message(HttpExecuteRequest execution, HttpHost target) {
        SdkHttpRequest request = execution.httpRequest();
        // the signature covers the path as it is written, so that it must not be parsed and written again
        String query = request.encodedQueryParameters().map(each -> "?" + each).orElse("");
        String path = request.encodedPath().isEmpty() ? "/" : request.encodedPath();
        ClassicHttpRequest message =
                new BasicClassicHttpRequest(request.method().name(), target, path + query);
        request.forEachHeader((name, values) -> {
            if (!OWN_HEADERS.contains(name)) {
                values.forEach(value -> message.addHeader(name, value));
            }
        });
        execution.contentStreamProvider().ifPresent(content -> message.setEntity(new Body(content, length(request))));
        return message;
    }

    private static long length(SdkHttpRequest request) {
        return request.firstMatchingHeader(HttpHeaders.CONTENT_LENGTH)
                .map(Long::parseLong)
                .orElse(-1L);
    }

    private static SdkHttpResponse facts(ClassicHttpResponse response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName(), _ -> new ArrayList<>()).add(header.getValue());
        }
        return SdkHttpResponse.builder()
                .statusCode(response.getCode())
                .statusText(response.getReasonPhrase())
                .headers(headers)
                .build();
    }

    private final class Execution implements ExecutableHttpRequest {

        private final HttpExecuteRequest request;
        private volatile @Nullable ClassicHttpResponse response;

        Execution(HttpExecuteRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            HttpHost target = target(request.httpRequest());
            ClassicHttpResponse answer = http.executeOpen(target, message(request, target), null);
            response = answer;
            HttpExecuteResponse.Builder result = HttpExecuteResponse.builder().response(facts(answer));
            Optional<HttpEntity> body = Optional.ofNullable(answer.getEntity());
            if (body.isPresent()) {
                result.responseBody(AbortableInputStream.create(body.get().getContent(), this));
            }
            return result.build();
        }

        @Override
        public void abort() {
            ClassicHttpResponse answer = response;
            if (answer != null) {
                try {
                    answer.close();
                } catch (IOException _) { // it is given up anyway
                    return;
                }
            }
        }
    }

    private static final class Body extends AbstractHttpEntity {

        private final ContentStreamProvider content;
        private final long length;

        Body(ContentStreamProvider content, long length) {
            super((String) null, null); // the type is among the headers
            this.content = content;
            this.length = length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] piece = new byte[PIECE];
            try (InputStream in = getContent()) {
                for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                    out.write(piece, 0, read);
                }
            }
        }

        @Override
        public InputStream getContent() {
            return content.newStream();
        }

        @Override
        public long getContentLength() {
            return length;
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public void close() {}
    }
}
