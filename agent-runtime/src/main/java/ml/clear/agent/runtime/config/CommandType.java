// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.List;
import java.util.Map;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.config.ValueType;
import ml.clear.agent.api.config.ValueTypes;

/** A program and its arguments: one text that is split into words as a shell does, or a list of words. */
record CommandType() implements ValueType<List<String>> {

    private static final ValueType<List<String>> WORDS = ValueTypes.list(ValueTypes.TEXT);

    @Override
    public String name() {
        return "command";
    }

    @Override
    public List<String> parse(Object raw) {
        return raw instanceof String text ? ShellWords.split(text) : WORDS.parse(raw);
    }

    @Override
    public String render(List<String> value) {
        return WORDS.render(value);
    }

    @Override
    public Map<String, Object> schema() {
        return WORDS.schema();
    }
}
