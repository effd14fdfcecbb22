// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code multipart/form-data} as a stream: a part may be larger than memory. */
final class MultipartReader {

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_HEADER = 1 << 14;
    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME = Pattern.compile("(?:^|[;\\s])name=\"([^\"]*)\"");

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private boolean first = true;

    private MultipartReader(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A reader; empty when the content type is not multipart. */
    static Optional<MultipartReader> of(String contentType, InputStream in) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.startsWith("multipart/form-data") || !boundary.find()) {
            return Optional.empty();
        }
        String quoted = boundary.group(1);
        return Optional.of(new MultipartReader(in, quoted == null ? boundary.group(2) : quoted));
    }

    /**
     * Go to the next part.
     *
     * @return the name of its field, as it was sent; empty after the last part
     * @throws IOException when the body is cut off or is not multipart
     */
    Optional<String> next() throws IOException {
        if (first) {
            first = false;
            // The first delimiter has no line end before it.
            for (int i = 2; i < delimiter.length; i++) {
                if (read() != delimiter[i]) {
                    throw new IOException("the body does not begin with its boundary");
                }
            }
        }
        String afterDelimiter = line();
        if (afterDelimiter.startsWith("--")) {
            return Optional.empty();
        }
        String name = "";
        for (String header = line(); !header.isEmpty(); header = line()) {
            Matcher matcher = NAME.matcher(header);
            if (header.regionMatches(true, 0, "Content-Disposition:", 0, 20) && matcher.find()) {
                name = matcher.group(1);
            }
        }
        return Optional.of(name);
    }

    /** Write the content of the part to a stream. */
    void copyTo(OutputStream out) throws IOException {
        while (true) {
            int end = find();
            if (end >= 0) {
                out.write(buffer, position, end - position);
                position = end + delimiter.length;
                return;
            }
            // Everything but what may be the beginning of a delimiter is content.
            int safe = Math.max(0, limit - position - delimiter.length + 1);
            out.write(buffer, position, safe);
            position += safe;
            if (!fill()) {
                throw new IOException("the body is cut off");
            }
        }
    }

    private int find() {
        int last = limit - delimiter.length;
        for (int i = position; i <= last; i++) {
            if (buffer[i] == '\r' && matches(i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(int at) {
        for (int i = 1; i < delimiter.length; i++) {
            if (buffer[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read > 0) {
            limit += read;
        }
        return read > 0;
    }

    private int read() throws IOException {
        if (position == limit && !fill()) {
            throw new IOException("the body is cut off");
        }
        return buffer[position++];
    }

    private String line() throws IOException {
        byte[] line = new byte[LONGEST_HEADER];
        int length = 0;
        while (true) {
            int next = read();
            if (next == '\n') {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                return new String(line, 0, end, StandardCharsets.UTF_8);
            }
            if (length == line.length) {
                throw new IOException("a header of a part is too long");
            }
            line[length++] = (byte) next;
        }
    }
}
