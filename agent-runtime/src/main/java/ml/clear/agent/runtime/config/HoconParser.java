// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads HOCON texts into nodes. Substitutions see the text itself first, then the environment it was given. */
final class HoconParser {

    private static final Pattern LINES = Pattern.compile(": [0-9]+(-[0-9]+)?$");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{\\??([^}]+)\\}");
    private static final String MERGED = "merge of ";
    private static final int MOST_UNRESOLVED = 100;

    private final Map<String, String> environment;
    private final SourceTexts.Reader files;
    private final Consumer<Problem> problems;
    private final QuotedVariables variables;

    /** Problems go to the consumer; a text that cannot be read counts as empty. */
    HoconParser(Map<String, String> environment, SourceTexts.Reader files, Consumer<Problem> problems) {
        this.environment = environment;
        this.files = files;
        this.problems = problems;
        this.variables = new QuotedVariables(environment, problems);
    }

    /** The content of a file, which may be missing or a folder: then it counts as empty. */
    Node.Group file(Path file) {
        try {
            return read(new Source(file.toString(), files.read(file), file.resolveSibling("")), file);
        } catch (NoSuchFileException e) {
            return Node.Group.empty(new Origin(file.toString(), 0));
        } catch (IOException e) {
            if (!files.isFolder(file)) {
                problems.accept(Problem.error(new Origin(file.toString(), 0), reason(e)));
            }
            return Node.Group.empty(new Origin(file.toString(), 0));
        }
    }

    /** The content of a file whose text is this. */
    Node.Group content(Path file, String text) {
        return read(new Source(file.toString(), text, file.resolveSibling("")), file);
    }

    /** The content of a text that is no file. */
    Node.Group text(String name, String text) {
        return read(new Source(name, text, Path.of("")), null);
    }

    private Node.Group read(Source source, @Nullable Path file) {
        try {
            return group(resolve(new Including(this).parse(source, file), source));
        } catch (SyntaxException e) {
            problems.accept(e.problem());
        } catch (ConfigException e) {
            // The library's own words repeat values, which may be secret.
            problems.accept(Problem.error(
                    origin(e.origin(), source.name()),
                    "a text, a list and a block cannot be joined in one value; a text with brackets needs quotes"));
        } catch (StackOverflowError e) {
            problems.accept(Problem.error(new Origin(source.name(), 0), "is nested too deeply"));
        }
        return Node.Group.empty(new Origin(source.name(), 0));
    }

    /** Every unresolved reference is a separate problem, so that all are reported at once. */
    private ConfigObject resolve(ConfigObject parsed, Source source) {
        Map<String, String> known = new HashMap<>(environment);
        for (int unresolved = 0; ; unresolved++) {
            try {
                ConfigResolveOptions options = ConfigResolveOptions.defaults()
                        .setUseSystemEnvironment(false)
                        .appendResolver(new Variables(known));
                return parsed.toConfig().resolve(options).root();
            } catch (ConfigException.UnresolvedSubstitution e) {
                String name = name(e);
                boolean cycle = String.valueOf(e.getMessage()).contains("cycle");
                problems.accept(Problem.error(
                        origin(e.origin(), source.name()),
                        cycle
                                ? "a value refers to itself by '${" + name + "}'"
                                : "'${" + name + "}' names neither a key of this file nor a variable that is set"));
                if (cycle || unresolved == MOST_UNRESOLVED || known.put(name, "") != null) {
                    return ConfigFactory.empty().root();
                }
            }
        }
    }

    private static String name(ConfigException e) {
        Matcher reference = REFERENCE.matcher(String.valueOf(e.getMessage()));
        String name = "…";
        while (reference.find()) {
            name = reference.group(1);
        }
        return name;
    }

    private static String reason(IOException e) {
        return e instanceof CharacterCodingException ? "is not written in UTF-8" : "cannot be read: " + e.getMessage();
    }

    private static Node node(ConfigValue value) {
        Origin origin = origin(value.origin(), "configuration");
        return switch (value.valueType()) {
            case NULL -> new Node.Null(origin);
            case OBJECT -> group((ConfigObject) value);
            case LIST -> {
                List<Node> elements = new ArrayList<>();
                ((ConfigList) value).forEach(element -> elements.add(node(element)));
                yield new Node.Sequence(origin, elements);
            }
            case STRING, BOOLEAN ->
                new Node.Scalar(origin, value.unwrapped(), value.unwrapped().toString());
            case NUMBER ->
                new Node.Scalar(origin, value.unwrapped(), value.atKey("number").getString("number"));
        };
    }

    private static Node.Group group(ConfigObject object) {
        Map<String, Node> members = new TreeMap<>();
        object.forEach((name, value) -> members.put(name, node(value)));
        return new Node.Group(origin(object.origin(), "configuration"), members);
    }

    /** The library describes places as {@code name: line}, and joined values as a merge of several. */
    private static Origin origin(@Nullable ConfigOrigin origin, String otherwise) {
        if (origin == null) {
            return new Origin(otherwise, 0);
        }
        String description = origin.description();
        if (description.startsWith(MERGED)) {
            int comma = description.indexOf(',');
            description = description.substring(MERGED.length(), comma < 0 ? description.length() : comma);
        }
        return new Origin(LINES.matcher(description).replaceFirst(""), Math.max(origin.lineNumber(), 0));
    }

    private record Source(String name, String text, Path folder) {}

    private record Variables(Map<String, String> environment) implements ConfigResolver {

        @Override
        public @Nullable ConfigValue lookup(String path) {
            // In a file that is included in a block the library puts the names of the block before the reference.
            String value = environment.get(path);
            for (int dot = path.indexOf('.'); value == null && dot > 0; dot = path.indexOf('.', dot + 1)) {
                value = environment.get(path.substring(dot + 1));
            }
            return value == null ? null : ConfigValueFactory.fromAnyRef(value, "variable " + path);
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }

    /** Parses a text and the files that it includes, all in the same dialect. */
    private static final class Including implements ConfigIncluder, ConfigIncluderFile {

        private final HoconParser parser;
        private final Deque<Path> open = new ArrayDeque<>();

        Including(HoconParser parser) {
            this.parser = parser;
        }

        ConfigObject parse(Source source, @Nullable Path file) {
            String strict = new Dialect(
                            source.name(), source.text(), source.folder(), parser.variables, parser.problems)
                    .rewrite();
            ConfigParseOptions options = ConfigParseOptions.defaults()
                    .setSyntax(ConfigSyntax.CONF)
                    .setOriginDescription(source.name())
                    .setIncluder(this);
            if (file == null) {
                return ConfigFactory.parseString(strict, options).root();
            }
            open.push(file.toAbsolutePath().normalize());
            try {
                return ConfigFactory.parseString(strict, options).root();
            } finally {
                open.pop();
            }
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            Path file = what.toPath();
            Origin includer =
                    new Origin(open.isEmpty() ? "included" : open.getFirst().toString(), 0);
            if (open.contains(file)) {
                throw new SyntaxException(Problem.error(includer, "'" + file + "' includes itself"));
            }
            try {
                return parse(new Source(file.toString(), parser.files.read(file), file.resolveSibling("")), file);
            } catch (IOException e) {
                Problem problem = new Problem(
                        context.parseOptions().getAllowMissing() ? Problem.Severity.WARNING : Problem.Severity.ERROR,
                        Problem.Kind.SYNTAX,
                        includer,
                        "",
                        "cannot include '" + file + "': "
                                + (e instanceof NoSuchFileException ? "there is no such file" : reason(e)));
                if (problem.isError()) {
                    throw new SyntaxException(problem);
                }
                parser.problems.accept(problem);
                return ConfigFactory.empty().root();
            }
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            return includeFile(context, new File(what));
        }

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }
    }
}
