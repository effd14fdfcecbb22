// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with every key of the vendor's reference page, and the plugins of the archive. */
class DocumentedKeysIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("repository"));
    private static final Path FILE =
            REPOSITORY.resolve("agent-runtime/src/test/resources/ml/clear/agent/runtime/config/clearml.conf");
    private static final Path KEYS = REPOSITORY.resolve("distribution/src/test/config/documented-keys.txt");

    private static final String VALIDATE = """
            import json, sys
            from clearml_agent.external.pyhocon import ConfigFactory
            from jsonschema import Draft202012Validator
            def plain(value):
                if isinstance(value, dict):
                    return {key.strip('"'): plain(member) for key, member in value.items()}
                if isinstance(value, list):
                    return [plain(element) for element in value]
                return None if type(value).__name__ == "NoneValue" else value
            schema = json.load(open(sys.argv[1]))
            Draft202012Validator.check_schema(schema)
            errors = list(Draft202012Validator(schema).iter_errors(plain(ConfigFactory.parse_file(sys.argv[2]))))
            def leaves(error):
                return [leaf for inner in error.context for leaf in leaves(inner)] if error.context else [error]
            for error in errors:
                for leaf in leaves(error):
                    print("/".join(map(str, leaf.absolute_path)), leaf.message)
            print("valid" if not errors else "invalid")
            """;

    @TempDir
    private Path folder;

    @Test
    void theyAllLoadWithoutAProblem() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Shell.Finished validated = Shell.in(folder)
                .with("HOME", home.toString())
                .with("CLEARML_AGENT_AOT", "use")
                .with("EXAMPLE_SECRET_KEY", "secret")
                .with("GOOGLE_APPLICATION_CREDENTIALS", "/keys/google.json")
                .run(
                        Installation.shared().launcher().toString(),
                        "--config-file",
                        FILE.toString(),
                        "config",
                        "validate");

        assertThat(validated.status()).as(validated.out() + validated.err()).isZero();
        assertThat(validated.out()).doesNotContain("error: ", "warning: ");
        String text = Files.readString(FILE);
        for (String key : Files.readAllLines(KEYS)) {
            assertThat(text).as(key).containsPattern("\\b" + key.substring(key.lastIndexOf('.') + 1) + "\\b");
        }
    }

    /** Every row for every key; the file sets all of them, a few to the empty text, which counts as absent. */
    @Test
    void explainPrintsEachOfThemWhole() throws IOException {
        List<String> keys = Files.readAllLines(KEYS);
        List<String> command = new ArrayList<>(List.of(
                Installation.shared().launcher().toString(), "--config-file", FILE.toString(), "config", "explain"));
        command.addAll(keys);

        Shell.Finished explained = Shell.in(folder)
                .with("HOME", folder.toString())
                .with("CLEARML_AGENT_AOT", "use")
                .with("EXAMPLE_SECRET_KEY", "secret-of-the-test")
                .start(command)
                .finish();

        assertThat(explained.status()).as(explained.err()).isZero();
        assertThat(explained.out()).doesNotContain("secret-of-the-test");
        Map<String, Map<String, String>> rows = rows(explained.out());
        assertThat(rows.keySet()).containsExactlyElementsOf(keys);
        List<String> unset = new ArrayList<>();
        rows.forEach((key, row) -> {
            assertThat(row.keySet())
                    .as(key)
                    .contains("sentence", "type", "default", "variables", "value", "from", "owner", "effect");
            assertThat(row.values()).as(key).noneMatch(String::isBlank);
            assertThat(row.get("variables")).as(key).contains("CLEARML_AGENT__");
            if (!row.getOrDefault("from", "").matches(Pattern.quote(FILE.toString()) + ":[0-9]+")) {
                unset.add(key + " from " + row.get("from"));
            }
        });
        assertThat(unset).isEmpty();
    }

    /** The rows of each explanation, by its key. */
    private static Map<String, Map<String, String>> rows(String text) {
        Pattern form = Pattern.compile(" {4}(type|default|variables|value|from|owner|effect) +(.*)");
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        for (String explanation : text.split("\n\n", -1)) {
            List<String> lines = explanation.lines().toList();
            Map<String, String> rows =
                    new HashMap<>(Map.of("sentence", lines.get(1).strip()));
            for (String line : lines.subList(2, lines.size())) {
                Matcher row = form.matcher(line);
                if (row.matches()) {
                    rows.putIfAbsent(row.group(1), row.group(2));
                }
            }
            all.put(lines.getFirst(), rows);
        }
        return all;
    }

    /** A validator of the package index reads the file as the Python agent does. */
    @Test
    void theSchemaFitsTheFileInAStandardValidatorWhichReportsAMisspeltKey() throws IOException {
        PythonAgent python = PythonAgent.installed();
        Shell.Finished schema = Shell.in(folder)
                .with("HOME", folder.toString())
                .with("CLEARML_AGENT_AOT", "use")
                .run(Installation.shared().launcher().toString(), "config", "schema");
        assertThat(schema.status()).as(schema.err()).isZero();
        Path file = Files.writeString(folder.resolve("schema.json"), schema.out());
        Path misspelt = Files.writeString(
                folder.resolve("misspelt.conf"),
                Files.readString(FILE).replaceFirst("\\bworker_name\\b", "worker_nmae"));

        assertThat(validated(python, file, FILE)).isEqualTo("valid\n");
        assertThat(validated(python, file, misspelt)).contains("agent", "'worker_nmae' was unexpected");
    }

    private String validated(PythonAgent python, Path schema, Path configuration) {
        Shell.Finished validated = Shell.in(folder)
                .run(python.python().toString(), "-c", VALIDATE, schema.toString(), configuration.toString());
        assertThat(validated.status()).as(validated.err()).isZero();
        return validated.out();
    }
}
