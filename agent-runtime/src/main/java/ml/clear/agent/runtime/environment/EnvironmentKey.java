// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.util.SortedMap;
import ml.clear.agent.api.file.ContentKey;

/**
 * The name under which the cache knows an environment.
 *
 * @param value the digest, in hexadecimal, of all that decides about the environment
 */
record EnvironmentKey(String value) {

    /** The key of an identity. */
    static EnvironmentKey of(SortedMap<String, String> identity) {
        return new EnvironmentKey(ContentKey.of(identity));
    }

    /** The key alone. */
    @Override
    public String toString() {
        return value;
    }
}
