// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDescriptor;
import org.pf4j.PluginDescriptorFinder;
import org.pf4j.PropertiesPluginDescriptorFinder;

/** Reads the descriptor of a plugin, from {@code plugin.properties} of a folder or from the manifest of a jar. */
final class Descriptors {

    static final String FILE = PropertiesPluginDescriptorFinder.DEFAULT_PROPERTIES_FILE_NAME;

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final PluginDescriptorFinder properties = new SectionedDescriptor.FromProperties(FILE);
    private final PluginDescriptorFinder manifest = new SectionedDescriptor.FromManifest();
    private final Versions versions;

    Descriptors(Versions versions) {
        this.versions = versions;
    }

    PluginDescriptor read(Path home) {
        boolean folder = Files.isDirectory(home);
        if (folder) {
            requireDescriptor(home.resolve(FILE));
        }
        PluginDescriptor descriptor = folder ? find(properties, home.resolve(FILE), home) : find(manifest, home, home);
        String idKey = folder ? PropertiesPluginDescriptorFinder.PLUGIN_ID : ManifestPluginDescriptorFinder.PLUGIN_ID;
        String versionKey = folder
                ? PropertiesPluginDescriptorFinder.PLUGIN_VERSION
                : ManifestPluginDescriptorFinder.PLUGIN_VERSION;
        String where = folder ? FILE : "its manifest";
        require(idKey, descriptor.getPluginId(), where);
        require(versionKey, descriptor.getVersion(), where);
        if (!ID.matcher(descriptor.getPluginId()).matches()) {
            throw Reasons.refused(
                    idKey + " is '" + descriptor.getPluginId() + "'",
                    "an id has lower-case words joined by dashes: correct it in " + where);
        }
        if (!versions.isVersion(descriptor.getVersion())) {
            throw Reasons.refused(
                    versionKey + " is '" + descriptor.getVersion() + "'",
                    "a version has three numbers, such as 1.2.0: correct it in " + where);
        }
        return descriptor;
    }

    private static void requireDescriptor(Path file) {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw Reasons.refused(
                    "it has no " + FILE, "see the layout in docs/plugins.md, or move the folder elsewhere");
        }
        PluginPath.requireFile(file);
    }

    private static void require(String key, @Nullable String value, String where) {
        if (value == null || value.isBlank()) {
            throw Reasons.refused(
                    where + " has no " + key, "add it if this is a plugin; if not, keep it out of the plugins folder");
        }
    }

    private static PluginDescriptor find(PluginDescriptorFinder finder, Path file, Path home) {
        try {
            return finder.find(home);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof IOException io) {
                throw Reasons.unreadable(file.toString(), io);
            }
            if (Files.isDirectory(home)) {
                throw Reasons.refused("'" + file + "' is malformed: " + Reasons.rootMessage(e), "correct it");
            }
            throw Reasons.refused(
                    "'" + file + "' has no manifest",
                    "pack the jar with a manifest that describes the plugin, see docs/plugins.md, or remove it");
        }
    }
}
