// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages;
import ml.clear.agent.plugin.pythonsupport.InstalledPackages.Installed;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/**
 * An environment of conda: a folder that records its packages in {@code conda-meta}.
 *
 * @param folder where it lies, absolute
 */
record CondaPrefix(Path folder) {

    private static final String RECORDS = "conda-meta";
    private static final Pattern RECORD = Pattern.compile("(.+)-([^-]+)-([^-]+)\\.json");
    private static final Pattern DISTRIBUTION = Pattern.compile("site-packages/([^/\"]+)-[^/\"-]+\\.(?:dist|egg)-info");
    private static final Pattern WITH_PREFIX = Pattern.compile("\\{[^{}]*\"prefix_placeholder\"\\s*:\\s*\"[^{}]*}");
    private static final Pattern PATH = Pattern.compile("\"_path\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern BINARY = Pattern.compile("\"file_mode\"\\s*:\\s*\"binary\"");

    /**
     * One package of a channel.
     *
     * @param name its name
     * @param version its version
     */
    record CondaPackage(String name, String version) {

        /** The dependency that installs the same version. */
        String line() {
            return name + "==" + version;
        }
    }

    /**
     * A file in which the path of the environment is written.
     *
     * @param path relative to the environment
     * @param binary whether it is no text, so that the path cannot become longer
     */
    record PrefixedFile(Path path, boolean binary) {}

    /** Whether a folder is an environment of conda. */
    static boolean isOne(Path folder) {
        return Files.isDirectory(folder.resolve(RECORDS));
    }

    Path python() {
        return folder.resolve("bin/python");
    }

    Path commands() {
        return folder.resolve("bin");
    }

    /** The packages of channels, by name. */
    List<CondaPackage> packages() {
        return records().stream()
                .map(file -> RECORD.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .map(name -> new CondaPackage(name.group(1), name.group(2)))
                .sorted(Comparator.comparing(CondaPackage::name))
                .toList();
    }

    /** The Python packages that came from channels. */
    List<Installed> fromChannels() {
        Set<String> names = records().stream()
                .flatMap(record -> DISTRIBUTION.matcher(text(record)).results())
                .map(found -> Requirement.normalName(found.group(1)))
                .collect(Collectors.toSet());
        return pythonPackages().stream()
                .filter(one -> names.contains(one.normalName()))
                .toList();
    }

    /** The Python packages that did not come from channels. */
    List<Installed> fromPip() {
        Set<String> names = fromChannels().stream().map(Installed::normalName).collect(Collectors.toSet());
        return pythonPackages().stream()
                .filter(one -> !names.contains(one.normalName()))
                .toList();
    }

    /** All Python packages; none without a folder for them. */
    List<Installed> pythonPackages() {
        List<Installed> all = new ArrayList<>();
        for (Path packages : packageFolders()) {
            all.addAll(InstalledPackages.in(packages).all());
        }
        return all;
    }

    List<Path> packageFolders() {
        Path libraries = folder.resolve("lib");
        if (!Files.isDirectory(libraries)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(libraries)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("python3"))
                    .filter(entry -> !Files.isSymbolicLink(entry)) // such as python3.1 to python3.11
                    .map(entry -> entry.resolve("site-packages"))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The files into which installing wrote the path of the environment. */
    List<PrefixedFile> prefixedFiles() {
        return records().stream()
                .flatMap(record -> WITH_PREFIX.matcher(text(record)).results())
                .flatMap(entry -> PATH.matcher(entry.group())
                        .results()
                        .map(path -> new PrefixedFile(
                                Path.of(path.group(1).replace("\\\"", "\"").replace("\\\\", "\\")),
                                BINARY.matcher(entry.group()).find())))
                .toList();
    }

    private List<Path> records() {
        try (Stream<Path> entries = Files.list(folder.resolve(RECORDS))) {
            return entries.filter(entry -> entry.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private String text(Path record) {
        try {
            return Files.readString(record);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private AgentException unreadable(Exception cause) {
        return new AgentException(
                ErrorCode.FILE_SYSTEM,
                "cannot read the packages of the conda environment '" + folder + "': " + cause.getMessage(),
                cause);
    }
}
