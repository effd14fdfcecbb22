// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/** The channels of one environment, in the order of their priority. */
final class Channels {

    private static final Pattern SYSTEM = Pattern.compile("/(?:(?:linux|osx|win|emscripten|wasi)-[a-z0-9]+|noarch)/*$");
    private static final Pattern WINDOWS_FOLDER = Pattern.compile("(?:file:/+)?[A-Za-z]:[/\\\\].*");
    private static final Pattern TOKEN = Pattern.compile("/t/[^/]+");

    private Channels() {}

    /**
     * The channels.
     *
     * @param listed channels of the environment, which come first
     * @param configured the configured ones
     * @param specs packages, which may name a channel of their own
     * @param notes gets what was left out and why
     */
    static List<String> of(List<String> listed, List<String> configured, List<CondaSpec> specs, List<String> notes) {
        Set<String> channels = new LinkedHashSet<>();
        for (List<String> some : List.of(
                listed, configured, specs.stream().map(CondaSpec::channel).toList())) {
            for (String channel : some) {
                String normal = normal(channel);
                if (WINDOWS_FOLDER.matcher(normal).matches()) {
                    notes.add("Channel '" + channel + "' is a folder of Windows and is left out");
                } else if (!normal.isEmpty()) {
                    channels.add(normal);
                }
            }
        }
        return List.copyOf(channels);
    }

    /** The channel without the part for one system, which belongs to the machine on which it was recorded. */
    static String normal(String channel) {
        return SYSTEM.matcher(channel.strip()).replaceFirst("").replaceAll("/+$", "");
    }

    /** For messages and identities. */
    static String withoutSecrets(String channel) {
        return TOKEN.matcher(Requirement.withoutCredentials(channel)).replaceAll("/t/***");
    }

    /** Whether one of them is the channel of a name. */
    static boolean contain(List<String> channels, String name) {
        return channels.stream().anyMatch(channel -> channel.equals(name) || channel.endsWith("/" + name));
    }
}
