// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Secrets;

/** Remembers what a plugin registered as secret. Safe for several threads. */
public final class RecordedSecrets implements Secrets {

    private final List<String> registered = new CopyOnWriteArrayList<>();

    /** None yet. */
    public RecordedSecrets() {}

    @Override
    public void register(Secret secret) {
        registered.add(secret.reveal());
    }

    /** The texts of the secrets, in the order in which they were registered. */
    public List<String> registered() {
        return List.copyOf(registered);
    }
}
