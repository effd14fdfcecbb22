// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Objects;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;

/** How to log in to the server. */
public sealed interface Credentials {

    /**
     * A key pair, as the web page of the server makes them.
     *
     * @param accessKey the key
     * @param secretKey its secret
     */
    record KeyPair(String accessKey, Secret secretKey) implements Credentials {
        /** Checks for absence. */
        public KeyPair {
            Objects.requireNonNull(accessKey);
            Objects.requireNonNull(secretKey);
        }
    }

    /**
     * A token that was obtained elsewhere ({@code CLEARML_AUTH_TOKEN}); it is renewed with itself.
     *
     * @param token the token
     */
    record ReadyToken(Secret token) implements Credentials {
        /** Checks that it can be sent. */
        public ReadyToken {
            if (!token.reveal().matches("[\\x21-\\x7e]+")) {
                throw new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "the token in CLEARML_AUTH_TOKEN is empty or holds blanks or characters that no token has; "
                                + "copy it again");
            }
        }
    }
}
