// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a plugin's author says about values: ranges, rules, what must be given. */
class VendorSettingsTest {

    @Test
    void rangesIncludeTheirEndsAndAreInTheSchema() {
        ValueType<Long> nodes = ValueTypes.integer(1, 8);

        assertThat(nodes.parse("1")).isEqualTo(1);
        assertThat(nodes.parse("8")).isEqualTo(8);
        assertThatThrownBy(() -> nodes.parse("9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a whole number from 1 to 8");
        assertThat(nodes.schema()).containsEntry("minimum", 1L).containsEntry("maximum", 8L);
        assertThatThrownBy(() -> ValueTypes.number(0, 1).parse("1.5")).hasMessage("expected a number from 0.0 to 1.0");
    }

    @Test
    void rulesNarrowAnyType() {
        ValueType<String> even = ValueTypes.TEXT.checked(text -> text.length() % 2 == 0, "expected an even length");

        assertThat(even.parse("ab")).isEqualTo("ab");
        assertThatThrownBy(() -> even.parseVariable("abc")).hasMessage("expected an even length");
        assertThat(ValueTypes.SECRET.checked(secret -> true, "anything").secret())
                .isTrue();
    }

    @Test
    void requiredSettingHasNoDefault() {
        Setting<String> setting = Setting.required("agent.x.y", ValueTypes.TEXT, "For a test");

        assertThat(setting.required()).isTrue();
        assertThatThrownBy(setting::defaultValue).hasMessage("setting 'agent.x.y' is required and has no default");
        assertThat(Setting.of("agent.x.z", ValueTypes.TEXT, "", "For a test").required())
                .isFalse();
    }

    @Test
    void requiredMemberMustBeInEveryValueOfItsGroup() {
        Setting<String> host = Setting.required("host", ValueTypes.TEXT, "Name of the host");
        ValueType<Settings> group = ValueTypes.group(List.of(host));

        assertThat(group.parse(Map.of("host", "a")).get(host)).isEqualTo("a");
        assertThatThrownBy(() -> group.parse(Map.of())).hasMessage("member 'host' is required: Name of the host");
    }
}
