// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.secret.Secret;
import org.junit.jupiter.api.Test;

class ConfigurationEditorTest {

    private static final Setting<String> USER = Setting.of("agent.git_user", ValueTypes.TEXT, "", "User");
    private static final Setting<Optional<Secret>> PASS =
            Setting.optional("agent.git_pass", ValueTypes.SECRET, "Password");
    private static final Setting<Boolean> RELOAD =
            Setting.of("agent.reload_config", ValueTypes.BOOLEAN, false, "Reload");
    private static final Setting<List<String>> INDEXES =
            Setting.of("agent.package_manager.extra_index_url", ValueTypes.list(ValueTypes.TEXT), List.of(), "Indexes");

    private final ConfigurationEditor editor =
            new ConfigurationEditor(Path.of("/nowhere/clearml.conf"), Map.of("NAME", "ann"));

    @Test
    void aValueIsReplacedInItsPlaceWithCommentsAndOrderKept() {
        String text = """
                # mine
                agent {
                    git_user = old  # who
                    reload_config: false, git_pass: "x # y"
                }
                """;
        assertThat(editor.set(text, USER, "new")).isEqualTo(text.replace("old", "\"new\""));
        assertThat(editor.set(text, RELOAD, "true")).isEqualTo(text.replace("false", "true"));
        assertThat(editor.set(text, PASS, "$ # \" \\ ( *")).contains("git_pass: \"$ # \\\" \\\\ ( *\"");
    }

    @Test
    void aNewKeyGoesIntoItsBlockOrToTheEnd() {
        assertThat(editor.set("agent {\n  git_user: a\n}\n", RELOAD, "true"))
                .isEqualTo("agent {\n    reload_config: true\n  git_user: a\n}\n");
        assertThat(editor.set("api {}\n", RELOAD, "yes")).isEqualTo("api {}\nagent.reload_config: \"yes\"\n");
        assertThat(editor.set("", RELOAD, "true")).isEqualTo("agent.reload_config: true\n");
        assertThat(editor.set("{\n  api { x: 1 }\n}\n", RELOAD, "true"))
                .isEqualTo("{\n  api { x: 1 }\n    agent.reload_config: true\n}\n");
    }

    @Test
    void aValueThatALaterLineReplacesIsSetWhereItCounts() {
        String text = "agent.git_user: a\nagent { git_user: b }\n";
        assertThat(editor.set(text, USER, "c")).isEqualTo("agent.git_user: a\nagent { git_user: \"c\" }\n");
    }

    @Test
    void listsAndReferencesAreWrittenAsGiven() {
        assertThat(editor.set("agent.package_manager.extra_index_url: [a]\n", INDEXES, "[\"b\", \"c\"]"))
                .endsWith("agent.package_manager.extra_index_url: [\"b\", \"c\"]\n");
        assertThat(editor.set("", USER, "${NAME}")).isEqualTo("agent.git_user: \"\"\"${NAME}\"\"\"\n");
    }

    @Test
    void whatDoesNotFitOrCannotBeReadIsRefused() {
        assertThatThrownBy(() -> editor.set("", RELOAD, "perhaps")).hasMessageContaining("expected true or false");
        assertThatThrownBy(() -> editor.set("agent {", USER, "x")).hasMessageContaining("has errors");
    }
}
