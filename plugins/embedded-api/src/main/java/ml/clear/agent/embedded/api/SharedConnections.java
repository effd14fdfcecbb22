// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import com.sun.net.httpserver.HttpExchange;

/**
 * Ends the connections of Python clients with each answer.
 *
 * <p>Python's HTTP libraries keep idle connections in a pool. A forked child inherits the pool with its open sockets, and
 * the SDK forks a process that reports while the program goes on. Then both send on one connection, and each reads
 * what comes first: the answer to {@code models.create} may reach the process that sent events, and the other way round.
 * The servers that these clients were made for end each connection, so they never notice; where nothing is idle,
 * nothing is shared.
 */
final class SharedConnections {

    private SharedConnections() {}

    /** Announces the end of the connection after this answer to a caller that may share it between processes. */
    static void end(HttpExchange exchange) {
        String agent = String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
        if (agent.regionMatches(true, 0, "python", 0, "python".length())) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
    }
}
