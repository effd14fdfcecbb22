// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.process;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;

/**
 * A small file of facts, one {@code name=value} a line, as {@link Properties} reads them. The keeper writes the same
 * form, so that neither side needs a JSON library. Written beside and renamed: a reader sees all of it or none.
 */
public final class StateFile {

    private final Path path;
    private final Map<String, String> facts;

    private StateFile(Path path, Map<String, String> facts) {
        this.path = path;
        this.facts = facts;
    }

    /** The facts of a file; empty when there is none. */
    public static Optional<StateFile> read(Path path) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(path, StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot read '" + path + "', which the agent wrote: " + e, e);
        }
        Map<String, String> facts = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> facts.put(name, properties.getProperty(name)));
        return Optional.of(new StateFile(path, facts));
    }

    /** Write facts, readable by the owner alone. */
    public static void write(Path path, Map<String, String> facts) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(facts).forEach((name, value) -> {
            text.append(name).append('=');
            escape(value, text);
            text.append('\n');
        });
        OwnerOnly.replace(path, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** A fact that may be missing. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(facts.get(name));
    }

    /** A whole number that may be missing. */
    public long number(String name, long otherwise) {
        return text(name).map(value -> parse(name, value)).orElse(otherwise);
    }

    /** A fact that must be there. */
    public String required(String name) {
        return text(name).orElseThrow(() -> broken("has no '" + name + "'"));
    }

    /** A whole number that must be there. */
    public long requiredNumber(String name) {
        return parse(name, required(name));
    }

    private long parse(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw broken("has '" + value + "' for '" + name + "' where a whole number belongs");
        }
    }

    private AgentException broken(String what) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "'" + path + "' " + what + "; it was damaged or written by another version of the agent");
    }

    private static void escape(String value, StringBuilder out) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c > ' ' && c < 127 && c != '\\') || (c == ' ' && i > 0)) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
    }
}
