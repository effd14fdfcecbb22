// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import ml.clear.agent.runtime.plugins.ExceptionSummary;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.pf4j.PluginDescriptor;

/**
 * A plugin whose descriptor was read, and nothing else of it.
 *
 * @param descriptor its descriptor
 * @param origin the folder, zip or jar in the plugins folder
 * @param home where its files are: a folder with {@code modules} and {@code lib}, or a jar
 */
record Discovered(PluginDescriptor descriptor, Path origin, Path home) {

    String id() {
        return descriptor.getPluginId();
    }

    String label() {
        return InstalledPlugin.label(id(), descriptor.getVersion(), origin);
    }

    InstalledPlugin with(PluginStatus status) {
        return new InstalledPlugin(id(), descriptor.getVersion(), description(), origin, status);
    }

    private String description() {
        String text = descriptor.getPluginDescription();
        return text == null ? "" : ExceptionSummary.oneLine(text);
    }

    /** The folder that the plugin may read its own files from. */
    Path folder() {
        Path parent = home.getParent();
        return Files.isDirectory(home) || parent == null ? home : parent;
    }

    /** Another text for every change of the plugin's files: their names, sizes and times. */
    String stamp() {
        List<Path> files =
                new ArrayList<>(Files.isDirectory(home) ? List.of(home.resolve(Descriptors.FILE)) : List.of());
        files.addAll(moduleJars());
        files.addAll(libraryJars());
        StringBuilder stamp = new StringBuilder();
        for (Path file : files) {
            try {
                stamp.append(file.getFileName())
                        .append(':')
                        .append(Files.size(file))
                        .append(':')
                        .append(Files.getLastModifiedTime(file).toMillis())
                        .append(' ');
            } catch (IOException e) {
                throw Reasons.unreadable(file.toString(), e);
            }
        }
        return stamp.toString().strip();
    }

    List<Path> moduleJars() {
        return Files.isDirectory(home) ? jars("modules") : List.of(home);
    }

    List<Path> libraryJars() {
        return Files.isDirectory(home) ? jars("lib") : List.of();
    }

    private List<Path> jars(String name) {
        Path folder = home.resolve(name);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.jar")) {
            entries.forEach(jars::add);
        } catch (IOException e) {
            throw Reasons.unreadable(folder.toString(), e);
        }
        Collections.sort(jars);
        jars.forEach(PluginPath::requireFile);
        return jars;
    }
}
