// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import ml.clear.agent.runtime.network.ProxyRefusedException;

/**
 * Describes failures below HTTP.
 *
 * @param way the description of the proxy in use; empty without one
 * @param connect how long a connection may take
 * @param answer how long the server may be silent
 */
record TransportFaults(String way, Duration connect, Duration answer) {

    /** The HTTP library's words for a refusal with a status between 400 and 499. */
    private static final String TUNNEL_REFUSED = "Unexpected response code for CONNECT: 4";

    /** A failure before the request was sent: the server has not processed it. */
    Outcome beforeSending(IOException fault, boolean passing) {
        Optional<String> hopeless = hopeless(fault);
        if (hopeless.isPresent()) {
            return Outcome.NotTaken.hopeless(hopeless.get(), fault);
        }
        String reason = reason(fault, connect) + way;
        return passing ? Outcome.NotTaken.unreachable(reason, fault) : Outcome.NotTaken.hopeless(reason, fault);
    }

    /** A failure after the request was sent: the server may have processed it. */
    Outcome afterSending(IOException fault, boolean passing) {
        return new Outcome.Unclear(
                "the request was sent and no answer came: " + reason(fault, answer) + way, passing, fault);
    }

    private Optional<String> hopeless(IOException fault) {
        if (find(fault, ProxyRefusedException.class)) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
        if (find(fault, SSLPeerUnverifiedException.class)) {
            return Optional.of("its certificate was issued for another name; use the name in the certificate for "
                    + "api.api_server, or have a certificate issued for this name");
        }
        String text = String.valueOf(fault.getMessage());
        if (text.startsWith(TUNNEL_REFUSED)) {
            // some proxies answer 401 or 403 to a wrong password, rather than 407
            return Optional.of("the proxy refuses a tunnel, " + text.substring(TUNNEL_REFUSED.length() - 1) + way
                    + "; check the user and password in the proxy variable, and where the proxy lets its users go");
        }
        if (!find(fault, SSLException.class)) {
            return Optional.empty();
        }
        if (find(fault, GeneralSecurityException.class)) {
            return Optional.of("its certificate is not trusted (" + innermost(fault)
                    + "); name the bundle of its authority in api.verify_certificate or SSL_CERT_FILE");
        }
        return text.contains("Unsupported or unrecognized SSL message")
                ? Optional.of("it does not speak TLS; api.api_server may have to begin with http://")
                : Optional.empty();
    }

    private static String reason(IOException fault, Duration limit) {
        boolean closed = find(fault, EOFException.class) || innermost(fault).startsWith("unexpected end of stream");
        return switch (fault) {
            case UnknownHostException unknown -> "no address is known for the host '" + unknown.getMessage() + "'";
            case SocketTimeoutException _ -> "nothing came within " + limit.toSeconds() + " s";
            case NoRouteToHostException _ -> "there is no route to it";
            default -> closed ? "the connection was closed" : innermost(fault);
        };
    }

    private static String innermost(Throwable fault) {
        Throwable last = causes(fault).reduce((_, next) -> next).orElse(fault);
        String text = last.getMessage();
        return text == null || text.isBlank() ? last.getClass().getSimpleName() : text;
    }

    private static boolean find(Throwable fault, Class<? extends Throwable> type) {
        return causes(fault).anyMatch(type::isInstance);
    }

    private static Stream<Throwable> causes(Throwable fault) {
        return Stream.iterate(fault, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
