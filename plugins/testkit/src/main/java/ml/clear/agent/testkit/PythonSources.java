// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The sources of a tiny Python package for tests, version 1, which any installer builds with nothing but the standard library. Its
 * module has the package's name and a text {@code WHO}.
 *
 * @param name the name of the package and of its module
 * @param who the value of {@code WHO}
 */
public record PythonSources(String name, String who) {

    private static final String PROJECT = """
            [build-system]
            requires = []
            build-backend = 'backend'
            backend-path = ['.']

            [project]
            name = "NAME"
            version = "1"
            """;

    /** Builds a wheel that points at the sources. */
    private static final String BACKEND = """
            import os, zipfile

            def build_editable(directory, config_settings=None, metadata_directory=None):
                name = 'NAME-1-py3-none-any.whl'
                with zipfile.ZipFile(os.path.join(directory, name), 'w') as wheel:
                    wheel.writestr('NAME.pth', os.getcwd())
                    wheel.writestr('NAME-1.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: NAME\\nVersion: 1\\n')
                    wheel.writestr('NAME-1.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n'
                            'Tag: py3-none-any\\n')
                    wheel.writestr('NAME-1.dist-info/RECORD', 'NAME.pth,,\\nNAME-1.dist-info/METADATA,,\\n'
                            'NAME-1.dist-info/WHEEL,,\\nNAME-1.dist-info/RECORD,,\\n')
                return name

            build_wheel = build_editable
            """;

    /** Sources whose {@code WHO} is the name. */
    public static PythonSources of(String name) {
        return new PythonSources(name, name);
    }

    /** The files, text by name. */
    public Map<String, String> files() {
        return Map.of("pyproject.toml", PROJECT.replace("NAME", name), "backend.py", backend(), name + ".py", module());
    }

    /** The program that builds the package. */
    public String backend() {
        return BACKEND.replace("NAME", name);
    }

    private String module() {
        return "WHO = '" + who + "'\n";
    }

    /** Write them into a folder that is made if absent. */
    public void writeTo(Path folder) {
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> file : files().entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
