// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Reads lines in the form of pip's requirements files: comments, continued lines, files that include others, options,
 * editable packages, repositories, addresses and paths. One reading, by one thread.
 */
public final class RequirementsFile {

    private static final Pattern COMMENT = Pattern.compile("(^|\\s+)#.*$");
    private static final Pattern OPTION =
            Pattern.compile("(--?[A-Za-z][A-Za-z0-9-]*)(?:\\s*=\\s*|\\s+|(?<=^-[a-z]))(.*)");
    private static final Pattern DIRECT =
            Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\\s*(?:\\[[^]]*])?\\s*@\\s*(\\S+)(.*)");
    private static final Pattern NAME =
            Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\\s*(?:[\\[(<>=!~;,].*|\\s.*)?");
    private static final Pattern EGG = Pattern.compile("[#&]egg=([A-Za-z0-9._-]+)");
    private static final Pattern REPOSITORY =
            Pattern.compile("(?i)(git|hg|svn|bzr)(\\+[a-z]+)?://.*|(?i)git\\+[^:\\s]+@.*");
    private static final Pattern ARCHIVE =
            Pattern.compile("(?i).*\\.(whl|zip|tar|tar\\.gz|tgz|tar\\.bz2|tbz|tar\\.xz)");

    private static final Pattern IN_SOURCES =
            Pattern.compile(".*/(?:task_repository/[^/]+|venvs-builds/.*/code)(?:/(.*))?");

    private final List<Requirement> requirements = new ArrayList<>();
    private final List<Requirement> options = new ArrayList<>();
    private final List<Path> constraints = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<Path> reading = new HashSet<>();

    private RequirementsFile() {}

    /**
     * Understand lines.
     *
     * @param lines as they were written
     * @param folder where relative paths start
     * @param origin where they come from, for messages
     */
    public static RequirementSet parse(List<String> lines, Path folder, String origin) {
        RequirementsFile file = new RequirementsFile();
        file.take(lines, folder, origin);
        return file.result();
    }

    /**
     * Read a file.
     *
     * @param paths where relative paths start; files that it includes are relative to itself, as pip reads them
     * @throws AgentException {@code TASK_INVALID} when it cannot be read
     */
    public static RequirementSet read(Path source, Path paths) {
        RequirementsFile file = new RequirementsFile();
        file.include(source, paths, source.getFileName().toString());
        return file.result();
    }

    private RequirementSet result() {
        return new RequirementSet(requirements, options, constraints, notes);
    }

    private void include(Path source, Path folder, String origin) {
        Path real = source.toAbsolutePath().normalize();
        if (!reading.add(real)) {
            return;
        }
        try {
            take(RequirementsText.lines(real, origin), folder, origin);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID, "requirements file '" + origin + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private void take(List<String> lines, Path folder, String origin) {
        for (String line : logicalLines(lines)) {
            if (line.startsWith("-")) {
                takeOption(line, folder, origin);
            } else {
                takeRequirement(line, folder, origin);
            }
        }
    }

    /** Lines with continuations joined and comments removed. Like pip, this removes comments after joining. */
    static List<String> logicalLines(List<String> lines) {
        List<String> logical = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String raw : lines) {
            String line = raw.startsWith("\ufeff") ? raw.substring(1) : raw;
            boolean comment = line.stripLeading().startsWith("#");
            if (line.endsWith("\\") && !comment) {
                open.append(line, 0, line.length() - 1);
                continue;
            }
            logical.add(open + (comment && !open.isEmpty() ? " " : "") + line);
            open.setLength(0);
        }
        logical.add(open.toString());
        return logical.stream()
                .map(line -> COMMENT.matcher(line).replaceFirst("").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private void takeOption(String line, Path folder, String origin) {
        Matcher form = OPTION.matcher(line);
        String option = form.matches() ? form.group(1) : line;
        String value = form.matches() ? unquoted(form.group(2).strip()) : "";
        switch (option) {
            case "-r", "--requirement" -> takeFile(value, folder, origin);
            case "-e", "--editable" -> takeEditable(value, folder, origin);
            case "-c", "--constraint" -> {
                Path file = folder.resolve(value).normalize();
                if (Files.isRegularFile(file)) {
                    constraints.add(file);
                } else {
                    notes.add("constraints file '" + value + "' named in " + origin + " does not exist, left out");
                }
            }
            case "-i", "--index-url", "--pypi-url", "--extra-index-url" ->
                options.add(
                        option((option.equals("--extra-index-url") ? option : "--index-url") + " " + value, origin));
            case "-f", "--find-links" -> options.add(option("--find-links " + location(value, folder), origin));
            default -> options.add(option(line, origin));
        }
    }

    private static Requirement option(String text, String origin) {
        return new Requirement(Requirement.Kind.OPTION, "", text, origin);
    }

    private void takeFile(String value, Path folder, String origin) {
        Path file = folder.resolve(value).normalize();
        if (Files.isRegularFile(file)) {
            Path parent = file.getParent();
            include(file, parent == null ? folder : parent, value);
        } else {
            notes.add("requirements file '" + value + "' named in " + origin + " does not exist, left out");
        }
    }

    private void takeEditable(String value, Path folder, String origin) {
        if (isRepository(value)) {
            requirements.add(new Requirement(Requirement.Kind.REPOSITORY, egg(value), "-e " + value, origin));
        } else {
            requirements.add(
                    new Requirement(Requirement.Kind.FOLDER, egg(value), "-e " + localPath(value, folder), origin));
        }
    }

    private void takeRequirement(String line, Path folder, String origin) {
        Matcher direct = DIRECT.matcher(line);
        if (direct.matches() && direct.group(2).contains(":")) {
            takeDirect(direct, line, folder, origin);
        } else if (isRepository(line)) {
            requirements.add(new Requirement(Requirement.Kind.REPOSITORY, egg(line), line, origin));
        } else if (line.contains("://")) {
            takeAddress(line, origin);
        } else if (isLocal(line, folder)) {
            String path = localPath(line, folder);
            requirements.add(new Requirement(
                    isArchive(path) ? Requirement.Kind.ARCHIVE : Requirement.Kind.FOLDER, "", path, origin));
        } else {
            Matcher named = NAME.matcher(line);
            String name = named.matches() ? Requirement.normalName(named.group(1)) : "";
            requirements.add(new Requirement(Requirement.Kind.PACKAGE, name, line, origin));
        }
    }

    private void takeDirect(Matcher direct, String line, Path folder, String origin) {
        String name = Requirement.normalName(direct.group(1));
        String target = direct.group(2);
        Optional<Path> file = Requirement.file(target);
        if (file.isPresent() && !Files.exists(file.get())) {
            takeMissing(direct.group(1), file.get(), folder, origin);
            return;
        }
        Requirement.Kind kind = isRepository(target)
                ? Requirement.Kind.REPOSITORY
                : file.filter(Files::isDirectory).isPresent() ? Requirement.Kind.FOLDER : Requirement.Kind.ARCHIVE;
        requirements.add(new Requirement(kind, name, line, origin));
    }

    /**
     * A requirement by an address of a file that does not exist here. Freezing inside conda writes addresses of folders that
     * existed only where the package was made; those packages come from the index. An address in the sources of an earlier
     * run never does, since an index may offer something else under that name.
     */
    private void takeMissing(String name, Path file, Path folder, String origin) {
        Optional<String> path = pathInSources(file);
        if (path.isEmpty()) {
            notes.add("'" + file + "' does not exist, '" + name + "' is taken from the index");
            requirements.add(new Requirement(Requirement.Kind.PACKAGE, Requirement.normalName(name), name, origin));
            return;
        }
        Path here = folder.resolve(path.get()).normalize();
        if (!Files.exists(here)) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "requirement '" + name + "' of " + origin + " is '" + file
                            + "', a path in the code of an earlier run that this code does not have; name its path in "
                            + "the repository, such as './" + name + "'");
        }
        requirements.add(new Requirement(
                isArchive(here.toString()) ? Requirement.Kind.ARCHIVE : Requirement.Kind.FOLDER,
                Requirement.normalName(name),
                here.toString(),
                origin));
    }

    /** The path below the code of a task: {@code …/task_repository/NAME/PATH} or {@code …/code/PATH} of a work folder. */
    private static Optional<String> pathInSources(Path file) {
        Matcher sources = IN_SOURCES.matcher(file.toString());
        return sources.matches() ? Optional.of(sources.group(1) == null ? "." : sources.group(1)) : Optional.empty();
    }

    private void takeAddress(String line, String origin) {
        Optional<StoredFile> stored = StoredFile.in(line);
        if (stored.isPresent()) {
            requirements.add(
                    new Requirement(Requirement.Kind.ARCHIVE, stored.get().packageName(), line, origin));
            return;
        }
        boolean folder = Requirement.file(line).filter(Files::isDirectory).isPresent();
        requirements.add(
                new Requirement(folder ? Requirement.Kind.FOLDER : Requirement.Kind.ARCHIVE, egg(line), line, origin));
    }

    private static boolean isRepository(String text) {
        return REPOSITORY.matcher(text).matches();
    }

    private static boolean isArchive(String path) {
        return ARCHIVE.matcher(path.replaceAll("\\[[^]]*]$", "")).matches();
    }

    private static boolean isLocal(String line, Path folder) {
        String path = withoutExtras(line);
        if (path.startsWith(".") || path.startsWith("/") || path.startsWith("~")) {
            return true;
        }
        try {
            Path candidate = folder.resolve(path);
            return (path.contains("/") && Files.isDirectory(candidate))
                    || (isArchive(path) && Files.isRegularFile(candidate));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String localPath(String text, Path folder) {
        if (text.contains("://")) {
            return text;
        }
        String path = withoutExtras(text);
        Path absolute = folder.resolve(path).toAbsolutePath().normalize();
        return absolute + text.substring(path.length());
    }

    private static String withoutExtras(String text) {
        return text.replaceAll("\\s*(\\[[^]]*])?\\s*(;.*)?$", "");
    }

    private static String location(String value, Path folder) {
        if (value.contains("://")) {
            return value;
        }
        Path path = folder.resolve(value);
        return Files.exists(path) ? path.toAbsolutePath().normalize().toString() : value;
    }

    private static String egg(String text) {
        Matcher egg = EGG.matcher(text);
        return egg.find() ? Requirement.normalName(egg.group(1)) : "";
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && ((value.startsWith("\"") && value.endsWith("\"")) || (value.startsWith("'") && value.endsWith("'")));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
