// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Finds and merges the sources of the configuration, in the order of the Python agent, the weakest first:
 *
 * <ol>
 *   <li>the folder tree that {@code CLEARML_CONFIG_PATH} names;
 *   <li>{@code ~/trains.conf}, then {@code ~/clearml.conf}; or, in their place, the file of the command line, else the one
 *       that {@code CLEARML_CONFIG_FILE} names;
 *   <li>variables {@code CLEARML__A__B}, then {@code CLEARML_AGENT__A__B}, each of which sets {@code a.b};
 *   <li>{@code CLEARML_AGENT_FORCE_POETRY} and {@code CLEARML_AGENT_FORCE_UV}, which select that package manager.
 * </ol>
 *
 * <p>The variables that a setting declares are stronger still; they are applied when the settings are read.
 */
public final class ConfigurationLoader {

    private static final List<String> HOME_FILES = List.of("trains.conf", "clearml.conf");
    private static final List<String> ENVIRONMENT_NAMES = List.of("default", "demo", "local");
    private static final List<String> PREFIXES = List.of("CLEARML__", "CLEARML_AGENT__");

    private static final SortedMap<String, String> FORCED_PACKAGE_MANAGERS =
            new TreeMap<>(Map.of("CLEARML_AGENT_FORCE_POETRY", "poetry", "CLEARML_AGENT_FORCE_UV", "uv"));

    private final Map<String, String> environment;
    private final Path home;
    private final SourceTexts.Reader files;

    /**
     * A loader of the files on the disk.
     *
     * @param environment the variables of the process, read once at its start
     * @param home the home folder of the user
     */
    public ConfigurationLoader(Map<String, String> environment, Path home) {
        this(environment, home, SourceTexts.onDisk());
    }

    /** A loader of files as they were when these texts were read. */
    public ConfigurationLoader(Map<String, String> environment, Path home, SourceTexts texts) {
        this(environment, home, texts.again());
    }

    private ConfigurationLoader(Map<String, String> environment, Path home, SourceTexts.Reader files) {
        this.environment = Map.copyOf(environment);
        this.home = home;
        this.files = files;
    }

    /** Load the files of the home folder, or the file that a variable names; a missing file counts as empty. */
    public LoadedConfiguration load() {
        String named = variable("CLEARML_CONFIG_FILE", "TRAINS_CONFIG_FILE");
        if (!named.isBlank()) {
            return load(List.of(atHome(named.strip())));
        }
        return load(HOME_FILES.stream().map(home::resolve).toList());
    }

    /**
     * Load this file in place of those of the home folder.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when there is no such file
     */
    public LoadedConfiguration load(Path file) {
        if (!files.isFile(file)) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "Could not open configuration file: "
                            + file.toAbsolutePath().normalize());
        }
        return load(List.of(file));
    }

    private LoadedConfiguration load(List<Path> candidates) {
        List<Problem> problems = new ArrayList<>();
        HoconParser parser = new HoconParser(environment, files, problems::add);
        Node.Group root = tree(parser);
        List<Path> found = new ArrayList<>();
        for (Path file : candidates) {
            if (files.isFile(file)) {
                found.add(file);
            }
            root = parser.file(file).over(root);
        }
        for (String prefix : PREFIXES) {
            for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
                if (variable.getKey().startsWith(prefix) && variable.getKey().length() > prefix.length()) {
                    root = override(variable.getKey(), prefix, variable.getValue(), parser)
                            .over(root);
                }
            }
        }
        for (Map.Entry<String, String> forced : FORCED_PACKAGE_MANAGERS.entrySet()) {
            if (isTrue(environment.getOrDefault(forced.getKey(), ""))) {
                root = parser.text(
                                "variable " + forced.getKey(),
                                SelectionSettings.PACKAGE_MANAGER.key() + ": " + forced.getValue())
                        .over(root);
            }
        }
        return new LoadedConfiguration(root, environment, candidates, found, problems, files.soFar());
    }

    private static boolean isTrue(String text) {
        try {
            return ValueTypes.BOOLEAN.parseVariable(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Node.Group override(String name, String prefix, String value, HoconParser parser) {
        String key = name.substring(prefix.length()).replace("__", ".").toLowerCase(Locale.ROOT);
        return parser.text("variable " + name, key + ": " + value);
    }

    private Node.Group tree(HoconParser parser) {
        Node.Group root = Node.Group.empty(Origin.DEFAULT);
        String folder = variable("CLEARML_CONFIG_PATH", "TRAINS_CONFIG_PATH");
        if (folder.isBlank()) {
            return root;
        }
        String name = variable("CLEARML_ENV", "TRAINS_ENV");
        if (!name.isBlank() && !ENVIRONMENT_NAMES.contains(name)) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "variable CLEARML_ENV or TRAINS_ENV is '" + name + "'; allowed are "
                            + String.join(", ", ENVIRONMENT_NAMES));
        }
        Path base = atHome(folder.strip());
        root = branch(base.resolve("default"), parser).over(root);
        return name.isBlank() || name.equals("default")
                ? root
                : branch(base.resolve(name), parser).over(root);
    }

    /** The files below a folder; the folders below it and the name of a file are the key that its content belongs to. */
    private Node.Group branch(Path folder, HoconParser parser) {
        Node.Group root = Node.Group.empty(Origin.DEFAULT);
        if (!files.isFolder(folder)) {
            return root;
        }
        List<Path> below;
        try {
            below = files.below(folder);
        } catch (IOException | UncheckedIOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "folder '" + folder + "' cannot be read", e);
        }
        for (Path file : below) {
            String relative = folder.relativize(file).toString();
            String key = relative.substring(0, relative.length() - ".conf".length())
                    .replace(file.getFileSystem().getSeparator(), ".");
            Node.Group content = parser.file(file);
            root = Node.Group.empty(content.origin()).with(key, content).over(root);
        }
        return root;
    }

    private Path atHome(String path) {
        return path.equals("~") || path.startsWith("~/")
                ? home.resolve(path.substring(Math.min(2, path.length())))
                : Path.of(path);
    }

    /** The first of these variables that has a value, or an empty text. */
    private String variable(String... names) {
        for (String name : names) {
            String value = environment.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
    }
}
