// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.Marker;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/** Finds the packages of an environment that the requirements need neither directly nor through other packages. */
final class UnneededPackages {

    private static final String DEPENDENCY = "Requires-Dist: ";
    private static final Set<String> TOOLS = Set.of("pip", "setuptools", "wheel", "distribute");

    /** A name, its extras and its condition. */
    private static final Pattern LINE =
            Pattern.compile("\\s*([A-Za-z0-9][A-Za-z0-9._-]*)\\s*(?:\\[([^]]*)])?([^;]*)(?:;(.*))?", Pattern.DOTALL);

    private final Map<String, List<String>> dependencies;
    private final Map<String, String> markers;
    private final Deque<Needed> open = new ArrayDeque<>();
    private final Set<Needed> needed = new HashSet<>();

    /** A package that is needed with one of its extras; the empty extra stands for the package alone. */
    private record Needed(String name, String extra) {}

    private UnneededPackages(Map<String, List<String>> dependencies, Map<String, String> markers) {
        this.dependencies = dependencies;
        this.markers = markers;
    }

    /**
     * The names of the unneeded packages. Installed tools of Python and packages of unknown dependencies are always needed.
     *
     * @param folder the folder of the packages
     * @param markers the names of environment markers to their values
     * @throws AgentException {@code FILE_SYSTEM} when the folder cannot be read
     */
    static List<String> in(Path folder, RequirementSet required, Map<String, String> markers) {
        List<Installed> installed = InstalledPackages.in(folder).all();
        if (installed.stream().anyMatch(Installed::legacy)) {
            return List.of(); // such a package does not record what it needs
        }
        UnneededPackages search = new UnneededPackages(dependencies(folder), markers);
        required.requirements().forEach(requirement -> search.need(requirement.text(), requirement.name()));
        installed.stream()
                .filter(one -> !one.origin().isEmpty() || TOOLS.contains(one.normalName()))
                .forEach(one -> search.need(one.name(), one.normalName()));
        search.follow();
        Set<String> names = new HashSet<>();
        search.needed.forEach(one -> names.add(one.name()));
        return installed.stream()
                .filter(one -> !names.contains(one.normalName()))
                .map(Installed::name)
                .toList();
    }

    private void follow() {
        while (!open.isEmpty()) {
            Needed one = open.pop();
            Map<String, String> here = new HashMap<>(markers);
            here.put("extra", one.extra());
            for (String line : dependencies.getOrDefault(one.name(), List.of())) {
                Matcher parts = LINE.matcher(line);
                if (parts.matches() && holds(parts.group(4), here)) {
                    need(line, Requirement.normalName(parts.group(1)));
                }
            }
        }
    }

    /** A condition that cannot be decided counts as fulfilled. */
    private static boolean holds(String condition, Map<String, String> markers) {
        return condition == null || Marker.holds(condition, markers).orElse(true);
    }

    private void need(String line, String name) {
        Matcher parts = LINE.matcher(line);
        String extras = parts.matches() && parts.group(2) != null ? parts.group(2) : "";
        Stream.concat(Stream.of(""), Stream.of(extras.split(",", -1)).map(String::strip))
                .map(extra -> new Needed(name, extra))
                .filter(needed::add)
                .forEach(open::push);
    }

    private static Map<String, List<String>> dependencies(Path folder) {
        Map<String, List<String>> all = new TreeMap<>();
        try (var entries = Files.newDirectoryStream(folder, "*.dist-info")) {
            for (Path entry : entries) {
                Path metadata = entry.resolve("METADATA");
                if (Files.isRegularFile(metadata)) {
                    read(metadata, all);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot list the packages in '" + folder + "': " + e.getMessage(), e);
        }
        return all;
    }

    private static void read(Path metadata, Map<String, List<String>> all) throws IOException {
        String name = "";
        List<String> lines = new ArrayList<>();
        try (BufferedReader text = Files.newBufferedReader(metadata, StandardCharsets.ISO_8859_1)) {
            for (String line = text.readLine(); line != null && !line.isEmpty(); line = text.readLine()) {
                if (line.startsWith("Name: ")) {
                    name = Requirement.normalName(
                            line.substring("Name: ".length()).strip());
                } else if (line.startsWith(DEPENDENCY)) {
                    lines.add(line.substring(DEPENDENCY.length()));
                }
            }
        }
        all.put(name, lines);
    }
}
