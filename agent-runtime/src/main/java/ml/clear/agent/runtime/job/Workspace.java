// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.runtime.lifecycle.Closer;

/**
 * The folder in which one task is prepared and runs; no other task shares it. Readable by its owner alone; removed when it is
 * closed.
 */
final class Workspace implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Workspace.class.getName());

    private static final List<String> SDKS = List.of("clearml", "trains");

    private final Path folder;
    private final Closer closer = new Closer();

    private Workspace(Path folder) {
        this.folder = folder;
        closer.own(this::remove);
    }

    /** Make the folder, empty. */
    static Workspace open(Path folder) {
        try {
            Folders.delete(folder);
            Files.createDirectories(folder.getParent());
            OwnerOnly.createFolder(folder);
            return new Workspace(folder);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "cannot make the work folder '" + folder + "': " + e
                            + "; check agent.venvs_dir and that its disk has room",
                    e);
        }
    }

    /** Take over the folder of a running task whose execute process died. */
    static Workspace takeOver(Path folder) {
        return new Workspace(folder);
    }

    /** Where the sources go. */
    Path sources() {
        return folder.resolve("sources");
    }

    /** Where the Python environment goes. */
    Path environment() {
        return folder.resolve("venv");
    }

    /** Whether the environment holds the SDK, which measures the machine for its task itself. */
    boolean hasSdk() {
        try (DirectoryStream<Path> versions =
                Files.newDirectoryStream(environment().resolve("lib"), "python*")) {
            for (Path version : versions) {
                Path packages = version.resolve("site-packages");
                if (SDKS.stream().anyMatch(name -> Files.isDirectory(packages.resolve(name)))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // no environment, or not one of Python
        }
    }

    /** The folder for the agent's own files while it prepares the task. */
    Path scratch() {
        return folder;
    }

    /** The configuration that the task's process reads. */
    Path configuration() {
        return folder.resolve("clearml.conf");
    }

    /** Remember where the script starts, for an execute process that resumes the task. */
    void startIn(Path scriptFolder) {
        try {
            Files.deleteIfExists(start());
            Files.createSymbolicLink(start(), scriptFolder);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot write to the work folder '" + folder + "': " + e, e);
        }
    }

    /** Where the script was started; the sources where that is not known. */
    Path startFolder() {
        return Files.isDirectory(start()) ? start() : sources();
    }

    private Path start() {
        return folder.resolve("start");
    }

    /** Take over something that lives in the folder; it is closed before the folder goes. */
    <T extends AutoCloseable> T own(T resource) {
        return closer.own(resource);
    }

    @Override
    public void close() {
        closer.close();
    }

    /** Cleanup failures are logged; they never change how the task ended. */
    private void remove() {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot remove the work folder ''{0}'': {1}; remove it by hand",
                    folder,
                    e.toString());
        }
    }
}
