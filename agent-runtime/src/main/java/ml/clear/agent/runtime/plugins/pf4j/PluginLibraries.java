// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
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

    private static final int END_LENGTH = 22;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int DIRECTORY_SIZE = 12;
    private static final int DIRECTORY_OFFSET = 16;

    static {
        registerAsParallelCapable();
    }

    private PluginLibraries(String name, URL[] jars, ClassLoader parent) {
        super(name, jars, parent);
    }

    /**
     * Check the jars and open them; throws when one is corrupt or holds the API.
     *
     * @param bundled whether they came with the agent, whose build has looked into them: then only their ends are read
     */
    static PluginLibraries open(String plugin, List<Path> jars, ClassLoader parent, boolean bundled) {
        URL[] addresses = new URL[jars.size()];
        for (int i = 0; i < addresses.length; i++) {
            if (!bundled || !isWhole(jars.get(i))) {
                check(jars.get(i));
            }
            try {
                addresses[i] = jars.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw Reasons.unreadable(jars.get(i).toString(), e);
            }
        }
        return new PluginLibraries(plugin + "-lib", addresses, parent);
    }

    /** Whether the record at the end of an archive without a comment fits its size, as it does not when a part is missing. */
    private static boolean isWhole(Path jar) {
        try (SeekableByteChannel archive = Files.newByteChannel(jar)) {
            long start = archive.size() - END_LENGTH;
            ByteBuffer end = ByteBuffer.allocate(END_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            archive.position(Math.max(0, start));
            while (end.hasRemaining() && archive.read(end) >= 0) {
                // read on
            }
            return !end.hasRemaining()
                    && end.getInt(0) == END_SIGNATURE
                    && Integer.toUnsignedLong(end.getInt(DIRECTORY_SIZE))
                                    + Integer.toUnsignedLong(end.getInt(DIRECTORY_OFFSET))
                            == start;
        } catch (IOException e) {
            return false;
        }
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
