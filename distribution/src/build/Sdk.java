// SPDX-License-Identifier: Apache-2.0
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the folder {@code sdk} of the distribution: an offline Maven repository with what plugins are built against, with
 * sources and Javadoc. Run by the build, with JDK 25. What it writes depends on the sources and jars alone.
 *
 * <p>Arguments: the root of the sources, the folder to make, the version, true for sources and Javadoc too, the versions of
 * JUnit and AssertJ, and the jars that the test kit stands on, those that are only annotations too.
 */
final class Sdk {

    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final Map<String, String> MODULES = Map.of(
            "agent-api", "agent-api",
            "executor-venv", "plugins/executor-venv",
            "python-support", "plugins/python-support",
            "testkit", "plugins/testkit",
            "plugin-archetype", "plugins/archetype");
    private static final Set<String> UNDOCUMENTED = Set.of("executor-venv", "plugin-archetype");

    private final Path root;
    private final Path sdk;
    private final String version;
    private final Map<String, String> placeholders;
    private final List<String> jars;

    private Sdk(List<String> arguments) {
        root = Path.of(arguments.get(0));
        sdk = Path.of(arguments.get(1));
        version = arguments.get(2);
        placeholders = Map.of("@version@", version, "@junit@", arguments.get(4), "@assertj@", arguments.get(5));
        jars = arguments.subList(6, arguments.size());
    }

    public static void main(String[] arguments) throws IOException {
        Sdk made = new Sdk(List.of(arguments));
        boolean documented = Boolean.parseBoolean(arguments[3]);
        made.poms();
        try {
            // javadoc takes most of the time, and runs on several cores
            MODULES.entrySet().parallelStream()
                    .forEach(module -> made.module(module.getKey(), module.getValue(), documented));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Files.copy(made.root.resolve("distribution/src/sdk/README.md"), made.sdk.resolve("README.md"));
        Files.copy(
                made.root.resolve("agent-api/target/agent-api-" + made.version + ".jar"),
                made.sdk.resolve("agent-api.jar"));
    }

    private void module(String artifact, String module, boolean documented) {
        try {
            jar(artifact, module);
            if (documented && !UNDOCUMENTED.contains(artifact)) {
                sources(artifact, module);
                javadoc(artifact, module);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void poms() throws IOException {
        for (Path pom : files(root.resolve("distribution/src/sdk/poms"))) {
            String artifact = pom.getFileName().toString().replaceFirst("\\.pom$", "");
            String text = Files.readString(pom);
            for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
                text = text.replace(placeholder.getKey(), placeholder.getValue());
            }
            put(artifact, ".pom", text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void jar(String artifact, String module) throws IOException {
        put(
                artifact,
                ".jar",
                Files.readAllBytes(root.resolve(module).resolve("target/" + artifact + "-" + version + ".jar")));
    }

    private void sources(String artifact, String module) throws IOException {
        put(artifact, "-sources.jar", zip(root.resolve(module).resolve("src/main/java")));
    }

    private void javadoc(String artifact, String module) throws IOException {
        Path out = sdk.resolveSibling("apidocs-" + artifact);
        List<String> arguments = new ArrayList<>(List.of(
                "-quiet",
                "-notimestamp",
                "-Xdoclint:none",
                "--ignore-source-errors",
                "--release",
                "25",
                "-encoding",
                "UTF-8",
                "-windowtitle",
                artifact + " " + version,
                "-d",
                out.toString(),
                "--module-path",
                String.join(":", jars) + ":" + root.resolve("agent-api/target/agent-api-" + version + ".jar")));
        for (Path source : files(root.resolve(module).resolve("src/main/java"))) {
            arguments.add(source.toString());
        }
        StringWriter messages = new StringWriter();
        PrintWriter log = new PrintWriter(messages);
        int exit = ToolProvider.findFirst("javadoc").orElseThrow().run(log, log, arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new IllegalStateException("javadoc of " + artifact + " failed: " + messages);
        }
        put(artifact, "-javadoc.jar", zip(out));
    }

    private static byte[] zip(Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path file : files(folder)) {
                ZipEntry entry = new ZipEntry(folder.relativize(file).toString());
                entry.setTimeLocal(TIME);
                zip.putNextEntry(entry);
                zip.write(Files.readAllBytes(file));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A file of the repository, with the digest that Maven looks for. */
    private void put(String artifact, String end, byte[] content) throws IOException {
        Path folder = Files.createDirectories(sdk.resolve("repository/ml/clear/agent/" + artifact + "/" + version));
        Path file = folder.resolve(artifact + "-" + version + end);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(content);
        }
        Files.writeString(folder.resolve(file.getFileName() + ".sha1"), sha1(content));
    }

    private static String sha1(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
