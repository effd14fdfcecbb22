// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;

/**
 * Builds a plugin in every form that can be installed. Unless told otherwise its module {@code test.ID} provides
 * {@code test.ID.Main}, which offers the package manager {@code ID}.
 */
final class TestPlugin {

    private final Path work;
    private final String id;
    private final String name;
    private final Map<String, String> descriptor = new LinkedHashMap<>();
    private final Map<String, Path> libraries = new LinkedHashMap<>();
    private String requires = "";
    private String exports = "";
    private String body;
    private UnaryOperator<TestJar> jar = main -> main;

    TestPlugin(Path work, String id) {
        this.work = work;
        this.id = id;
        this.name = id.replace("-", "");
        this.body = packageManager(id);
        descriptor.put("id", id);
        descriptor.put("version", "1.0.0");
        descriptor.put("description", "Made for a test");
    }

    /** The Java text of a method that offers a package manager which cannot plan. */
    static String packageManager(String name) {
        return """
                public List<Factory<PackageManager>> packageManagers() {
                    return List.of(Factory.of("%s", context -> request -> {
                        throw new UnsupportedOperationException();
                    }));
                }
                """.formatted(name);
    }

    /** A key of the descriptor without {@code plugin.}; an empty value takes it away. */
    TestPlugin with(String key, String value) {
        if (value.isEmpty()) {
            descriptor.remove(key);
        } else {
            descriptor.put(key, value);
        }
        return this;
    }

    TestPlugin requires(String module) {
        requires += "requires " + module + ";\n";
        return this;
    }

    TestPlugin exportsItsPackage() {
        exports = "exports test." + name + ";\n";
        return this;
    }

    /** The members of the plugin class. */
    TestPlugin body(String members) {
        this.body = members;
        return this;
    }

    TestPlugin library(String fileName, Path file) {
        libraries.put(fileName, file);
        return this;
    }

    /** A change to how the main jar is made. */
    TestPlugin jar(UnaryOperator<TestJar> change) {
        UnaryOperator<TestJar> before = jar;
        jar = main -> change.apply(before.apply(main));
        return this;
    }

    /** Install as a folder of its own. */
    Path folderIn(Path plugins) {
        Path folder = plugins.resolve(id);
        fill(folder);
        return folder;
    }

    /** Install as one jar. */
    Path jarIn(Path plugins) {
        TestJar main = mainJar();
        descriptor.forEach((key, value) ->
                main.manifest("Plugin-" + Character.toUpperCase(key.charAt(0)) + key.substring(1), value));
        return main.write(plugins.resolve(id + ".jar"));
    }

    /** Install as a zip of the folder. */
    Path zipIn(Path plugins) {
        Path folder = newFolder();
        fill(folder);
        return TestZip.of(folder, plugins.resolve(id + ".zip"));
    }

    private void fill(Path folder) {
        try {
            mainJar().write(folder.resolve("modules/" + id + ".jar"));
            Files.createDirectories(folder.resolve("lib"));
            for (Map.Entry<String, Path> library : libraries.entrySet()) {
                Files.copy(library.getValue(), folder.resolve("lib").resolve(library.getKey()));
            }
            Properties properties = new Properties();
            descriptor.forEach((key, value) -> properties.setProperty("plugin." + key, value));
            try (OutputStream out = Files.newOutputStream(folder.resolve("plugin.properties"))) {
                properties.store(out, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestJar mainJar() {
        TestJar main = new TestJar(work)
                .module("""
                        module test.%s {
                            requires ml.clear.agent.api;
                            %s%s
                            provides ml.clear.agent.api.spi.AgentPlugin with test.%s.Main;
                        }
                        """.formatted(name, requires, exports, name))
                .source("test." + name + ".Main", """
                        package test.%s;

                        import java.util.*;
                        import ml.clear.agent.api.config.*;
                        import ml.clear.agent.api.python.*;
                        import ml.clear.agent.api.spi.*;

                        public class Main implements AgentPlugin {
                            %s
                        }
                        """.formatted(name, body));
        libraries.values().forEach(main::library);
        return jar.apply(main);
    }

    private Path newFolder() {
        try {
            return Files.createTempDirectory(work, "plugin-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
