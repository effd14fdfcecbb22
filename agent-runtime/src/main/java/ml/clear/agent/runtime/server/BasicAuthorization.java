// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import ml.clear.agent.api.secret.Secret;

/** Builds the value of the {@code Authorization} header from a user and a password. */
final class BasicAuthorization {

    private BasicAuthorization() {}

    static Secret of(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return Secret.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }
}
