// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagehttp;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.StorageAddress;

/** Answers and broken connections as failures of a store. */
final class HttpFailure {

    private HttpFailure() {}

    /** @param action a verb */
    static AgentException of(
            String action, StorageAddress object, HttpResponse<InputStream> answer, FilesServer filesServer) {
        int status = answer.statusCode();
        String what = "cannot " + action + " '" + object + "': the server answers " + status;
        return switch (status) {
            case 401 ->
                new AgentException(
                        ErrorCode.CREDENTIALS_REFUSED,
                        "cannot " + action + " '" + object + "': the server refuses the credentials (401); "
                                + (filesServer.has(object)
                                        ? "check api.credentials"
                                        : "put user and password into the address, or use a signed address"));
            case 403 ->
                new AgentException(
                        ErrorCode.ACCESS_DENIED,
                        "not allowed to " + action + " '" + object
                                + "' (403); the server allows it neither to these credentials nor without any");
            case 404, 410 ->
                new AgentException(
                        ErrorCode.NOT_FOUND, "there is no '" + object + "' (" + status + "); check the address");
            case 429 -> new AgentException(ErrorCode.THROTTLED, what + ": too many requests");
            case 503 -> new AgentException(ErrorCode.THROTTLED, what + ": it is overloaded or down for maintenance");
            case 500, 502, 504, 509 ->
                new AgentException(ErrorCode.SERVER_UNAVAILABLE, what + "; check the log of the server");
            case 413 ->
                new AgentException(
                        ErrorCode.STORAGE_FAILED, what + ": the object is too large for it; raise the server's limit");
            default -> new AgentException(ErrorCode.STORAGE_FAILED, what + "; check the address");
        };
    }

    static AgentException unreachable(StorageAddress object, IOException failure) {
        String host = object.authority().substring(object.authority().lastIndexOf('@') + 1);
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (failure instanceof SSLException) {
            return new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "no trusted connection to '" + host + "': " + root.getMessage()
                            + "; name its authority in api.verify_certificate or SSL_CERT_FILE",
                    failure);
        }
        if (root instanceof UnresolvedAddressException) {
            return new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE, "host '" + host + "' is unknown; check the address", failure);
        }
        String reason = failure instanceof ConnectException && failure.getMessage() == null
                ? "the connection is refused"
                : String.valueOf(root.getMessage());
        return new AgentException(
                ErrorCode.SERVER_UNAVAILABLE,
                "'" + host + "' cannot be reached: " + reason + "; check the address and the network",
                failure);
    }
}
