// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/** Makes the project of a new plugin from the Maven archetype in the folder {@code sdk}, without Maven. */
public final class PluginTemplate {

    private static final String RESOURCES = "archetype-resources/";
    private static final Pattern PACKAGED = Pattern.compile("src/(main|test)/java/(?!module-info)(.*)");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern PACKAGE = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)*");

    private final Path sdk;
    private final String version;

    /**
     * The template of an installed agent.
     *
     * @param sdk the folder {@code sdk} of the agent
     * @param version the version of the agent
     */
    public PluginTemplate(Path sdk, String version) {
        this.sdk = sdk;
        this.version = version;
    }

    /**
     * Make a project.
     *
     * @param folder the folder to make, whose name is the id of the plugin; must not exist
     * @param packageName the package and module of the plugin
     */
    public void create(Path folder, String packageName) {
        String id = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        if (!ID.matcher(id).matches() || !PACKAGE.matcher(packageName).matches()) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID,
                    "'" + id + "' with package '" + packageName
                            + "' cannot be a plugin; an id has lower-case words joined"
                            + " by dashes, a package has lower-case words joined by dots");
        }
        if (Files.exists(folder)) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID, "'" + folder + "' exists; name a folder that does not exist");
        }
        Map<String, String> values = Map.of(
                "${groupId}", packageName,
                "${artifactId}", id,
                "${pluginId}", id,
                "${section}", id.replace('-', '_'),
                "${package}", packageName,
                "${version}", "1.0.0",
                "${agentVersion}", version,
                "${sdk}",
                        sdk.toUri()
                                .toString()
                                .replaceFirst("^file:/+", "file:///")
                                .replaceFirst("/$", ""));
        Path archetype = sdk.resolve(
                "repository/ml/clear/agent/plugin-archetype/" + version + "/plugin-archetype-" + version + ".jar");
        try (ZipFile jar = new ZipFile(archetype.toFile())) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(RESOURCES) && !entry.isDirectory()) {
                    String name = PACKAGED.matcher(entry.getName().substring(RESOURCES.length()))
                            .replaceFirst("src/$1/java/" + packageName.replace('.', '/') + "/$2");
                    write(jar, entry, folder.resolve(name), values);
                }
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot make '" + folder + "' from '" + archetype + "': " + e
                            + "; check permissions and free space",
                    e);
        }
    }

    private static void write(ZipFile jar, ZipEntry entry, Path file, Map<String, String> values) throws IOException {
        String text;
        try (InputStream content = jar.getInputStream(entry)) {
            text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, text);
    }
}
