// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.pf4j.PluginRepository;

/**
 * What may be a plugin in the plugin folders: folders, zips and jars, in the order of the folders and then by name; also
 * links to nothing, so that they are reported. Each folder is listed once and nothing below it is looked at; one that does
 * not exist counts as empty.
 */
final class PluginFolders implements PluginRepository {

    private final List<Path> folders;

    PluginFolders(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    @Override
    public List<Path> getPluginPaths() {
        List<Path> paths = new ArrayList<>();
        folders.forEach(folder -> paths.addAll(in(folder)));
        return paths;
    }

    /** Plugins belong to who installed them; nothing here deletes any. */
    @Override
    public boolean deletePluginPath(Path pluginPath) {
        return false;
    }

    private static List<Path> in(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PluginFolders::mayBePlugin)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            // Reported like a plugin that cannot be read, so that it appears in the same place.
            return List.of(folder);
        }
        Collections.sort(found);
        return found;
    }

    private static boolean mayBePlugin(Path entry) {
        String name = String.valueOf(entry.getFileName());
        return !name.startsWith(".")
                && (name.endsWith(".jar")
                        || name.endsWith(".zip")
                        || Files.isDirectory(entry)
                        || PluginPath.isDanglingLink(entry));
    }
}
