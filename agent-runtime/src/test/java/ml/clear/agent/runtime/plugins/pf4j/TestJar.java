// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import ml.clear.agent.api.spi.AgentPlugin;

/** Compiles sources and packs what comes out: real jars for tests, made when the test runs. */
final class TestJar {

    private final Path work;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final List<Path> libraries = new ArrayList<>();
    private final List<Path> modules = new ArrayList<>();
    private final Map<String, String> patches = new LinkedHashMap<>();
    private final List<String> omitted = new ArrayList<>();
    private String versionedStart = "";
    private int classVersion;

    /** A jar whose intermediate files go to a new folder below {@code work}. */
    TestJar(Path work) {
        this.work = work;
        modules.add(apiJar());
    }

    /** Where the API's classes are. */
    static Path apiJar() {
        try {
            return Path.of(AgentPlugin.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    TestJar module(String declaration) {
        return source("module-info", declaration);
    }

    /** A source file by the binary name of its class. */
    TestJar source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /** Another file of the jar. */
    TestJar file(String name, String text) {
        files.put(name, text);
        return this;
    }

    TestJar manifest(String key, String value) {
        manifest.put(key, value);
        return this;
    }

    /** Compile against a library that will be in {@code lib}. */
    TestJar library(Path jar) {
        libraries.add(jar);
        return this;
    }

    /** Compile against another module. */
    TestJar beside(Path jar) {
        modules.add(jar);
        return this;
    }

    /** Compile as if a class of the API looked like this. */
    TestJar patched(String className, String text) {
        patches.put(className, text);
        return this;
    }

    /** Leave a class out of the jar. */
    TestJar without(String className) {
        omitted.add(className);
        return this;
    }

    /** Claim another version in the header of every class whose file name starts so. */
    TestJar classVersion(String start, int version) {
        versionedStart = start;
        classVersion = version;
        return this;
    }

    Path write(Path jar) {
        try {
            Files.createDirectories(jar.getParent());
            Path folder = Files.createTempDirectory(work, "compile-");
            compile(folder);
            pack(folder.resolve("classes"), jar);
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile(Path folder) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-d", folder.resolve("classes").toString()));
        boolean modular = sources.containsKey("module-info");
        if (modular) {
            arguments.addAll(List.of("--module-path", path(modules)));
            if (!libraries.isEmpty()) {
                String name = sources.getOrDefault("module-info", "").replaceFirst("(?s).*?module (\\S+) .*", "$1");
                arguments.addAll(List.of("--class-path", path(libraries), "--add-reads", name + "=ALL-UNNAMED"));
            }
        } else {
            arguments.addAll(List.of(
                    "--class-path",
                    path(Stream.concat(modules.stream(), libraries.stream()).toList())));
        }
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        if (!patches.isEmpty()) {
            arguments.addAll(List.of("--patch-module", "ml.clear.agent.api=" + patch(folder)));
        }
        javac(arguments);
    }

    private static void javac(List<String> arguments) {
        StringWriter messages = new StringWriter();
        PrintWriter out = new PrintWriter(messages);
        int exit = ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalStateException("a test plugin does not compile: " + messages);
        }
    }

    /** Classes of the API as another version might have them. */
    private Path patch(Path folder) throws IOException {
        Path classes = folder.resolve("patch");
        List<String> arguments =
                new ArrayList<>(List.of("-proc:none", "-d", classes.toString(), "--class-path", path(modules)));
        for (Map.Entry<String, String> source : patches.entrySet()) {
            Path file = folder.resolve("patch-src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        javac(arguments);
        return classes;
    }

    private void pack(Path classes, Path jar) throws IOException {
        Manifest attributes = new Manifest();
        attributes.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((key, value) -> attributes.getMainAttributes().putValue(key, value));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, attributes);
                Stream<Path> found = Files.walk(classes)) {
            for (Map.Entry<String, String> entry : files.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
            for (Path classFile : found.filter(Files::isRegularFile).sorted().toList()) {
                String name = classes.relativize(classFile).toString();
                if (!omitted.contains(name.replace('/', '.').replaceFirst("\\.class$", ""))) {
                    out.putNextEntry(new ZipEntry(name));
                    out.write(versioned(name, Files.readAllBytes(classFile)));
                }
            }
        }
    }

    private byte[] versioned(String name, byte[] bytes) {
        if (classVersion != 0 && name.startsWith(versionedStart)) {
            bytes[6] = (byte) (classVersion >> 8);
            bytes[7] = (byte) classVersion;
        }
        return bytes;
    }

    private static String path(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
    }
}
