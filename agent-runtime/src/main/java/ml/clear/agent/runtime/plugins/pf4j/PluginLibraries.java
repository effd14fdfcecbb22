// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import ml.clear.agent.api.spi.AgentPlugin;

/**
 * The third-party jars of one plugin, in the unnamed module of this loader. As modules of the layer they would fail:
 * automatic ones may not share packages, and many libraries do.
 */
final class PluginLibraries extends URLClassLoader {

    private static final String API_CLASS = AgentPlugin.class.getName().replace('.', '/') + ".class";

    static {
        registerAsParallelCapable();
    }

    private PluginLibraries(String name, URL[] jars, ClassLoader parent) {
        super(name, jars, parent);
    }

    /** Check the jars and open them; throws when one is corrupt or holds the API. */
    static PluginLibraries open(String plugin, List<Path> jars, ClassLoader parent) {
        URL[] addresses = new URL[jars.size()];
        for (int i = 0; i < addresses.length; i++) {
            check(jars.get(i));
            try {
                addresses[i] = jars.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw Reasons.unreadable(jars.get(i).toString(), e);
            }
        }
        return new PluginLibraries(plugin + "-lib", addresses, parent);
    }

    /** The class loader of the JDK passes over what it cannot open without a word. */
    private static void check(Path jar) {
        try (ZipFile archive = new ZipFile(jar.toFile())) {
            if (archive.getEntry(API_CLASS) != null) {
                throw PluginModules.bundledApi(jar);
            }
        } catch (IOException e) {
            throw Reasons.unreadable(jar.toString(), e);
        }
    }
}
