// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One kept connection, as thin as it can be, so that the client takes little of the machine. */
final class BenchmarkConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final String head;

    BenchmarkConnection(URI server, String authorization) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        head = " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nAuthorization: " + authorization + "\r\n";
    }

    String call(String name, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String request = "POST /v2.23/" + name + head + "Content-Type: " + type + "\r\nContent-Length: " + bytes.length
                + "\r\n\r\n";
        byte[] start = request.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(start, start.length + bytes.length);
        System.arraycopy(bytes, 0, whole, start.length, bytes.length);
        socket.getOutputStream().write(whole);
        return answer(name);
    }

    private String answer(String name) throws IOException {
        String state = line();
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        String text = length >= 0 ? text(length) : pieces();
        if (!state.contains(" 200 ")) {
            throw new AssertionError(name + ": " + state + " " + text);
        }
        return text;
    }

    private String pieces() throws IOException {
        StringBuilder text = new StringBuilder();
        int length = Integer.parseInt(line(), 16);
        while (length > 0) {
            text.append(text(length));
            line();
            length = Integer.parseInt(line(), 16);
        }
        line();
        return text.toString();
    }

    private String text(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
