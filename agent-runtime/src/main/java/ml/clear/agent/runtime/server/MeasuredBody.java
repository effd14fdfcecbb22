// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;

/** A body that knows its length and remembers whether all of it went out. Used by one thread, for one request. */
final class MeasuredBody extends RequestBody {

    private final Content content;
    private final long length;
    private boolean complete;

    MeasuredBody(Content content) {
        this.content = content;
        this.length = content.length();
    }

    /** Whether the server may have got the whole request; an incomplete one it cannot act on. */
    boolean isComplete() {
        return complete;
    }

    @Override
    public MediaType contentType() {
        return MediaType.get(content.type());
    }

    @Override
    public long contentLength() {
        return length;
    }

    /** The HTTP library shall never repeat what has begun to go out; whether to is decided in one place, above it. */
    @Override
    public boolean isOneShot() {
        return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        content.writeTo(sink.outputStream());
        complete = true;
    }
}
