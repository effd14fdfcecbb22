// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A tiny package for tests: a module with the package's name that has a {@code VERSION}, and a command that prints it.
 *
 * @param name the name of the package, of its module and of its command
 * @param version its version
 * @param requires what it needs, in the form of requirements; a marker such as {@code extra == 'more'} declares an extra
 */
public record PythonWheel(String name, String version, List<String> requires) {

    private static final Pattern EXTRA = Pattern.compile("extra *== *['\"]([^'\"]+)['\"]");

    /** Copies the list. */
    public PythonWheel {
        requires = List.copyOf(requires);
    }

    /** A package that needs nothing. */
    public static PythonWheel of(String name, String version) {
        return new PythonWheel(name, version, List.of());
    }

    /** Write it into a folder; returns the file. */
    public Path writeTo(Path folder) {
        String information = name + "-" + version + ".dist-info/";
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                name + "/__init__.py",
                "VERSION = '" + version + "'\n\ndef main():\n    print('" + name + "', VERSION)\n");
        files.put(information + "METADATA", metadata());
        files.put(information + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
        files.put(information + "entry_points.txt", "[console_scripts]\n" + name + " = " + name + ":main\n");
        List<String> record = new ArrayList<>();
        files.keySet().forEach(file -> record.add(file + ",,"));
        record.add(information + "RECORD,,");
        files.put(information + "RECORD", String.join("\n", record) + "\n");
        Path file = folder.resolve(name + "-" + version + "-py3-none-any.whl");
        try {
            Files.createDirectories(folder);
            try (OutputStream stream = Files.newOutputStream(file);
                    ZipOutputStream zip = new ZipOutputStream(stream)) {
                for (Map.Entry<String, String> entry : files.entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private String metadata() {
        StringBuilder text = new StringBuilder("Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
        requires.forEach(need -> text.append("Requires-Dist: ").append(need).append('\n'));
        requires.stream()
                .flatMap(need -> EXTRA.matcher(need).results())
                .map(extra -> extra.group(1))
                .distinct()
                .forEach(extra -> text.append("Provides-Extra: ").append(extra).append('\n'));
        return text.append('\n').toString();
    }
}
