// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * A wheel of pure Python, such as those of pip that come with interpreters (PEP 427).
 *
 * @param file where it lies
 * @param name the normal name of the package
 * @param version its version
 */
public record WheelFile(Path file, String name, Version version) {

    private static final Pattern FILE_NAME =
            Pattern.compile("([A-Za-z0-9_.]+)-([^-]+)(?:-\\d[^-]*)?-py[^-]*-none-any\\.whl");
    private static final String REQUIRES_PYTHON = "Requires-Python: ";
    private static final Pattern ENTRY_POINT =
            Pattern.compile("\\s*([A-Za-z0-9_.-]+)\\s*=\\s*([A-Za-z0-9_.]+):([A-Za-z0-9_.]+)\\s*");

    /** Understand the name of a file; empty when it is no such wheel. */
    public static Optional<WheelFile> of(Path file) {
        Matcher form = FILE_NAME.matcher(file.getFileName().toString());
        return form.matches()
                ? Version.of(form.group(2))
                        .map(version -> new WheelFile(file, Requirement.normalName(form.group(1)), version))
                : Optional.empty();
    }

    /** The newest wheel of a package that comes with an interpreter and runs on it, among the versions that are wanted. */
    public static Optional<WheelFile> newest(Interpreter interpreter, String name, VersionSpecifiers wanted) {
        return interpreter.wheelFolders().stream()
                .flatMap(folder -> in(folder, name).stream())
                .filter(wheel -> wheel.name().equals(name) && wanted.contains(wheel.version()))
                .filter(wheel -> wheel.runsOn(interpreter.version()))
                .max(Comparator.comparing(WheelFile::version));
    }

    /** Folders may contain wheels for several versions of Python; their metadata names the supported ones. */
    private boolean runsOn(Version python) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Optional<? extends ZipEntry> description = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".dist-info/METADATA"))
                    .findFirst();
            if (description.isEmpty()) {
                return false;
            }
            try (InputStream content = zip.getInputStream(description.get())) {
                return new String(content.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .takeWhile(line -> !line.isEmpty())
                        .filter(line -> line.startsWith(REQUIRES_PYTHON))
                        .map(line -> VersionSpecifiers.of(line.substring(REQUIRES_PYTHON.length())))
                        .flatMap(Optional::stream)
                        .allMatch(versions -> versions.contains(python));
            }
        } catch (IOException e) {
            return false; // an unreadable wheel is skipped
        }
    }

    private static List<WheelFile> in(Path folder, String name) {
        List<WheelFile> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder, name + "-*.whl")) {
                files.forEach(file -> of(file).ifPresent(found::add));
            } catch (IOException e) {
                return List.of(); // an unreadable folder is skipped
            }
        }
        return found;
    }

    /**
     * Unpack it into an environment, with its commands.
     *
     * @throws AgentException {@code FILE_SYSTEM} when it cannot be read or written
     */
    public void install(VirtualEnvironment environment) {
        Path packages = environment.packages();
        List<String> record = new ArrayList<>();
        String information = "";
        List<String> commands = List.of();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (entry.isDirectory()) {
                    continue;
                }
                unpack(zip, entry, packages);
                String path = entry.getName();
                if (path.endsWith(".dist-info/RECORD")) {
                    information = path.substring(0, path.indexOf('/'));
                } else {
                    record.add(path + ",,");
                }
                if (path.endsWith(".dist-info/entry_points.txt")) {
                    commands = Files.readAllLines(packages.resolve(path));
                }
            }
            for (String command : writeCommands(commands, environment)) {
                record.add("../../../bin/" + command + ",,");
            }
            Files.writeString(packages.resolve(information).resolve("INSTALLER"), "pip\n");
            record.add(information + "/INSTALLER,,");
            record.add(information + "/RECORD,,");
            Files.write(packages.resolve(information).resolve("RECORD"), record);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot unpack '" + file + "' into '" + packages + "': " + e.getMessage(),
                    e);
        }
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path packages) throws IOException {
        Path target = packages.resolve(entry.getName()).normalize();
        if (!target.startsWith(packages)) {
            throw new IOException("entry '" + entry.getName() + "' leads out of the folder");
        }
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (InputStream content = zip.getInputStream(entry)) {
            Files.copy(content, target);
        }
    }

    private List<String> writeCommands(List<String> entryPoints, VirtualEnvironment environment) throws IOException {
        List<String> written = new ArrayList<>();
        boolean console = false;
        for (String line : entryPoints) {
            Matcher entry = ENTRY_POINT.matcher(line);
            if (line.startsWith("[")) {
                console = line.strip().equals("[console_scripts]");
            } else if (console && entry.matches()) {
                // the wheel of pip names its commands after the interpreter that built it
                String command = entry.group(1).replaceFirst("^pip[0-9.]+$", "pip3");
                if (!written.contains(command)) {
                    Path script = environment.commands().resolve(command);
                    Files.write(
                            script,
                            script(environment, entry.group(2), entry.group(3)).getBytes(StandardCharsets.UTF_8));
                    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
                    written.add(command);
                }
            }
        }
        return written;
    }

    private static String script(VirtualEnvironment environment, String module, String function) {
        String start = function.contains(".") ? function.substring(0, function.indexOf('.')) : function;
        return CommandScript.head(environment.python(), "")
                + "import sys\nfrom " + module + " import " + start + "\n"
                + "if __name__ == '__main__':\n    sys.exit(" + function + "())\n";
    }
}
