// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.secret.Secret;

/** The table of all keys of the agent and of its plugins, in Markdown. */
public final class ConfigurationReference {

    private static final String HEAD = """
            | Key | Type | Default | Variables | Owner | Effect | What it does |
            | --- | --- | --- | --- | --- | --- | --- |
            """;

    private final Configuration configuration;

    /** The reference of this configuration's keys; its values do not matter. */
    public ConfigurationReference(Configuration configuration) {
        this.configuration = configuration;
    }

    /** The table, sorted by key; members of groups follow their key. */
    public String markdown() {
        StringBuilder text = new StringBuilder(HEAD);
        for (ResolvedSetting<?> reading : configuration.readings().values()) {
            row(text, reading.setting().key(), reading.setting(), reading);
            for (Setting<?> member : reading.setting().type().members()) {
                row(text, reading.setting().key() + "." + member.key(), member, reading);
            }
        }
        return text.toString();
    }

    private static <T> void row(StringBuilder text, String key, Setting<T> setting, ResolvedSetting<?> owner) {
        text.append("| `").append(key).append("` | ").append(cell(setting.type().name()));
        text.append(" | ").append(defaultOf(setting));
        text.append(" | ").append(String.join(", ", setting.environment()));
        text.append(" | ").append(owner.owner());
        text.append(" | ").append(cell(owner.effect().summary()));
        text.append(" | ").append(cell(setting.description())).append(" |\n");
    }

    private static <T> String defaultOf(Setting<T> setting) {
        if (setting.required()) {
            return "required";
        }
        T value = setting.defaultValue();
        if (value instanceof Optional<?> optional && optional.isEmpty()) {
            return "";
        }
        String home = System.getProperty("user.home");
        String rendered =
                setting.secret() ? Secret.MASK : setting.type().render(value).replace(home, "~");
        return "`" + cell(rendered) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
