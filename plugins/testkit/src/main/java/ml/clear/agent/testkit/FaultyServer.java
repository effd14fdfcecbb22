// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A web server on the loopback address that fails as a test says, which no real one does on request. It answers one request on
 * each connection.
 */
public final class FaultyServer implements AutoCloseable {

    /** How long the bodies are that it announces. */
    public static final int SIZE = 1_000_000;

    private static final int SENT = 1000;

    /** What happens to a request. */
    public enum Fault {
        /** The whole body is sent. */
        NONE,
        /** The connection ends in the middle of the body. */
        CUT_OFF,
        /** The connection is reset in the middle of the body. */
        RESET,
        /** No further byte comes after the first ones of the body. */
        STALLED,
        /** No answer comes. */
        SILENT
    }

    private final ServerSocket socket;
    private final boolean secure;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Fault fault = Fault.NONE;
    private volatile Map<String, String> headers = Map.of();
    private volatile @Nullable Refusal refusal;

    private FaultyServer(ServerSocket socket, boolean secure) {
        this.socket = socket;
        this.secure = secure;
        threads.execute(this::accept);
    }

    /** Start one that speaks http. */
    public static FaultyServer start() throws IOException {
        return new FaultyServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), false);
    }

    /** Start one that speaks https. */
    public static FaultyServer secured(SSLContext tls) throws IOException {
        return new FaultyServer(
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()), true);
    }

    /** Fail this way from now on. */
    public void fail(Fault next) {
        fault = next;
    }

    /** What every answer says about its object. */
    public void describe(Map<String, String> more) {
        headers = Map.copyOf(more);
    }

    /** Answer every request with this status. */
    public void refuse(int status, Map<String, String> more, String body) {
        headers = Map.copyOf(more);
        refusal = new Refusal(status, body);
    }

    private record Refusal(int status, String body) {}

    /** The first lines of all requests. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Host and port. */
    public String host() {
        return "localhost:" + socket.getLocalPort();
    }

    /** Its address, such as {@code http://localhost:4711}. */
    public String address() {
        return (secure ? "https://" : "http://") + host();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                open.add(connection);
                threads.execute(() -> answer(connection));
            }
        } catch (IOException _) { // closed
            end.countDown();
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            String method = readRequest(connection);
            if (fault == Fault.SILENT) {
                end.await();
                return;
            }
            OutputStream out = connection.getOutputStream();
            Refusal refused = refusal;
            if (refused != null) {
                byte[] text = refused.body().getBytes(StandardCharsets.UTF_8);
                head(out, refused.status(), text.length);
                out.write(text);
                return;
            }
            head(out, 200, SIZE);
            if (!method.equals("HEAD")) {
                body(connection, out);
            }
        } catch (IOException _) { // the client has gone
            return;
        } catch (InterruptedException _) { // the server ends
            return;
        } finally {
            open.remove(connection);
        }
    }

    private String readRequest(Socket connection) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        String first = in.readLine();
        if (first == null) {
            throw new IOException("no request");
        }
        requests.add(first);
        long length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        // An answer would be lost with the rest of its request unread.
        for (long left = length; left > 0; left--) {
            if (in.read() < 0) {
                throw new IOException("the request ends early");
            }
        }
        return first.substring(0, first.indexOf(' '));
    }

    private void head(OutputStream out, int status, int length) throws IOException {
        StringBuilder head = new StringBuilder(
                "HTTP/1.1 " + status + " -\r\nConnection: close\r\nContent-Length: " + length + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private void body(Socket connection, OutputStream out) throws IOException, InterruptedException {
        boolean whole = fault == Fault.NONE;
        out.write(new byte[whole ? SIZE : SENT]);
        out.flush();
        if (fault == Fault.STALLED) {
            end.await();
        }
        if (fault == Fault.RESET) {
            connection.setSoLinger(true, 0);
        }
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
        threads.shutdownNow();
        threads.close();
    }
}
