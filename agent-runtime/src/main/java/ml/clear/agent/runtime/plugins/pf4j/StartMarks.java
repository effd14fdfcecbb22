// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.plugins.PluginExit;
import ml.clear.agent.runtime.plugins.PluginHostRequest;
import org.jspecify.annotations.Nullable;

/**
 * Marks the plugin that is being started by a file, which outlives the process. A plugin whose start ended the process, by
 * {@code System.exit} or by a crash, is not started again until its files change or the mark is deleted: else a daemon would
 * start it, end and be started again for ever.
 */
final class StartMarks {

    /** The name of the folder in the state folder. */
    static final String FOLDER = "plugin-starts";

    private static final Logger LOG = System.getLogger(StartMarks.class.getName());

    private final Path folder;
    private final List<Path> earlier;
    private volatile @Nullable Path current;
    private boolean hooked;

    private StartMarks(Path folder, List<Path> earlier) {
        this.folder = folder;
        this.earlier = earlier;
    }

    /** Where the marks of a host are. */
    static Path folder(PluginHostRequest request) {
        return request.stateFolder().resolve(FOLDER);
    }

    /** The marks of a folder, which need not exist. */
    static StartMarks in(Path folder) {
        List<Path> marks = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(marks::add);
        } catch (NoSuchFileException e) {
            return new StartMarks(folder, List.of());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot read the marks of plugin starts in " + folder, e);
        }
        return new StartMarks(folder, marks);
    }

    /** Throws when an earlier start of this very plugin ended its process. */
    void check(Discovered plugin) {
        for (Path mark : earlier) {
            if (isOf(mark, plugin.id())) {
                read(mark).ifPresent(content -> check(plugin, mark, content));
            }
        }
    }

    private static void check(Discovered plugin, Path mark, Content content) {
        if (!content.stamp().equals(plugin.stamp())) {
            delete(mark); // another version, or a repaired one
        } else if (!content.process().isAlive()) {
            throw Reasons.refused(
                    "its last start ended the process of the agent, by System.exit, a crash or a kill",
                    "install a version of the plugin that works, or let it try again with 'clearml-agent plugins enable "
                            + plugin.id() + "'");
        }
    }

    /** Mark the start of a plugin. */
    void begin(Discovered plugin) {
        Path mark = folder.resolve(plugin.id() + "." + ProcessHandle.current().pid());
        try {
            OwnerOnly.createFolders(folder);
            Files.writeString(mark, ProcessIdentity.current() + "\n" + plugin.stamp() + "\n");
            current = mark;
            deleteAtSignals();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot mark the start of plugin " + plugin.id(), e);
        }
    }

    /** The start has returned. */
    void end() {
        Path mark = current;
        current = null;
        if (mark != null) {
            delete(mark);
        }
    }

    /** Let a plugin try again. */
    static void forget(Path folder, String id) {
        in(folder).earlier.stream().filter(mark -> isOf(mark, id)).forEach(StartMarks::delete);
    }

    /** A process that a signal ends is no fault of the plugin that is being started. */
    private void deleteAtSignals() {
        if (hooked) {
            return;
        }
        hooked = true;
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::atShutdown, "plugin-start-marks"));
        } catch (IllegalStateException e) {
            end();
        }
    }

    private void atShutdown() {
        if (current != null && PluginExit.culprit().isEmpty()) {
            end();
        }
    }

    private static boolean isOf(Path mark, String id) {
        String name = String.valueOf(mark.getFileName());
        return name.startsWith(id + ".") && name.indexOf('.') == id.length();
    }

    private static Optional<Content> read(Path mark) {
        try {
            List<String> lines = Files.readAllLines(mark);
            return Optional.of(new Content(ProcessIdentity.parse(lines.get(0)), lines.get(1)));
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // Being written, or deleted since the folder was listed.
            return Optional.empty();
        }
    }

    private static void delete(Path mark) {
        try {
            Files.deleteIfExists(mark);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot delete the mark " + mark, e);
        }
    }

    private record Content(ProcessIdentity process, String stamp) {}
}
