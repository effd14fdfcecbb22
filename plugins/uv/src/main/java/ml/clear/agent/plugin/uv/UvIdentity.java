// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/** What about uv itself decides what it installs. */
final class UvIdentity {

    private static final List<String> VARIABLES = List.of(
            "UV_INDEX",
            "UV_INDEX_URL",
            "UV_DEFAULT_INDEX",
            "UV_EXTRA_INDEX_URL",
            "UV_FIND_LINKS",
            "UV_NO_INDEX",
            "UV_INDEX_STRATEGY",
            "UV_PRERELEASE",
            "UV_RESOLUTION",
            "UV_EXCLUDE_NEWER",
            "UV_CONSTRAINT",
            "UV_OVERRIDE",
            "UV_NO_BINARY",
            "UV_NO_BUILD",
            "UV_TORCH_BACKEND",
            "UV_CONFIG_FILE");

    private UvIdentity() {}

    /** A new number after the second dot repairs uv and resolves as before. */
    static SortedMap<String, String> of(PluginContext context, UvSettings settings, UvProgram uv) {
        SortedMap<String, String> identity = new TreeMap<>();
        identity.put("uv", uv.version().prefix(2));
        identity.put("best match", String.valueOf(settings.bestMatch()));
        for (String name : VARIABLES) {
            String value = context.environment().getOrDefault(name, "");
            if (!value.isEmpty()) {
                identity.put(name, Requirement.withoutCredentials(value));
            }
        }
        return identity;
    }
}
