// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.config.TaskSettings;

/**
 * The user of the system that tasks run as, {@code agent.exec_user}. The agent itself keeps its own user, which must be root for
 * another one.
 *
 * @param name empty for the user of the agent
 */
record TaskUser(String name) {

    private static final String KEY = TaskSettings.EXEC_USER.key();
    private static final Path SELF = Path.of("/proc/self");
    private static final String ROOT = "root";

    /**
     * The user of this name.
     *
     * @throws AgentException {@code CONFIGURATION_INVALID} when there is none, or the agent may not run anything as that user
     */
    static TaskUser of(String name) {
        String own = ownName();
        if (name.isBlank() || name.equals(own)) {
            return new TaskUser("");
        }
        if (!own.equals(ROOT)) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    KEY + " is '" + name + "', but the agent runs as '" + own
                            + "' and only root can run tasks as another user; start the agent as root, or as '" + name
                            + "' without the key");
        }
        principal(name);
        return new TaskUser(name);
    }

    /**
     * Give the user what a task works with.
     *
     * @param workspace the folder of the task
     * @param environment stays the agent's own, since its files may be shared with the cache; the user may read it
     * @throws AgentException {@code CONFIGURATION_INVALID} when the user cannot reach the folder
     */
    void own(Path workspace, Path environment) {
        if (name.isEmpty()) {
            return;
        }
        UserPrincipal user = principal(name);
        try {
            requireReachable(workspace, user);
            Files.walkFileTree(workspace, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                        throws IOException {
                    if (folder.equals(environment)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    give(folder, user);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    // A file with other names, such as an object of a mirror, is not the task's alone.
                    if (Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                            .equals(1)) {
                        give(file, user);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot give '" + workspace + "' to user '" + name + "': " + e, e);
        }
    }

    private void requireReachable(Path workspace, UserPrincipal user) throws IOException {
        for (Path folder = workspace.getParent(); folder != null; folder = folder.getParent()) {
            boolean open = Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)
                    || Files.getOwner(folder).equals(user);
            if (!open) {
                throw new AgentException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "user '" + name + "' of " + KEY + " cannot enter '" + folder + "', below which tasks run;"
                                + " set agent.venvs_dir to a folder that all users can enter");
            }
        }
    }

    private static void give(Path file, UserPrincipal user) throws IOException {
        Files.setAttribute(file, "posix:owner", user, LinkOption.NOFOLLOW_LINKS);
    }

    private static String ownName() {
        try {
            return Files.getOwner(SELF.toRealPath()).getName();
        } catch (IOException e) {
            return System.getProperty("user.name");
        }
    }

    private static UserPrincipal principal(String name) {
        try {
            return SELF.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    KEY + " is '" + name + "', which is no user of this machine; name one that exists",
                    e);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "the users of this machine cannot be read: " + e, e);
        }
    }
}
