// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

/** Regular expressions that match a name, in the dialect that Python clients send and every server reads. */
final class NamePattern {

    private NamePattern() {}

    static String exactly(String name) {
        return "^" + containing(name) + "$";
    }

    static String containing(String name) {
        StringBuilder pattern = new StringBuilder();
        name.chars().forEach(c -> {
            if (c < 128 && !Character.isLetterOrDigit(c) && c != '_') {
                pattern.append('\\');
            }
            pattern.append((char) c);
        });
        return pattern.toString();
    }
}
