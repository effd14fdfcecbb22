// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * What JGit sees of the machine: the user's and the system's configuration of git are read and never written, no home is
 * needed, variables such as {@code GIT_DIR} have no effect, and what JGit measures of the file system is kept in a folder
 * of this plugin.
 */
final class IsolatedSystemReader extends SystemReader {

    private final Map<String, String> environment;
    private final Path measurements;
    private final SystemReader machine;

    /**
     * @param environment the variables of the agent
     * @param measurements the file that JGit may write
     * @param machine answers what is not isolated, such as the time zone
     */
    IsolatedSystemReader(Map<String, String> environment, Path measurements, SystemReader machine) {
        this.environment = environment;
        this.measurements = measurements;
        this.machine = machine;
        setPlatformChecker();
    }

    @Override
    public String getHostname() {
        return machine.getHostname();
    }

    @Override
    @SuppressWarnings("NullAway") // null means absent in JGit's contract
    public String getenv(String variable) {
        return variable.startsWith("GIT_") ? null : environment.get(variable);
    }

    @Override
    @SuppressWarnings("NullAway") // null means absent in JGit's contract
    public String getProperty(String key) {
        return System.getProperty(key);
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        String home = environment.getOrDefault("HOME", "");
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", home.isEmpty() ? "" : home + "/.config");
        Path ofHome = Path.of(home, ".gitconfig");
        Path ofXdg = Path.of(xdg, "git", "config");
        boolean usesXdg = !xdg.isEmpty() && (home.isEmpty() || !Files.exists(ofHome)) && Files.exists(ofXdg);
        if (home.isEmpty() && !usesXdg) {
            return new ReadOnlyConfig(parent, measurements.resolveSibling("no-user-config"), fs);
        }
        return new ReadOnlyConfig(parent, usesXdg ? ofXdg : ofHome, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new ReadOnlyConfig(parent, Path.of("/etc/gitconfig"), fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new FileBasedConfig(parent, measurements.toFile(), fs);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the base class
    public long getCurrentTime() {
        return machine.getCurrentTime();
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the base class
    public int getTimezone(long when) {
        return machine.getTimezone(when);
    }

    /** A configuration that others own. */
    private static final class ReadOnlyConfig extends FileBasedConfig {

        ReadOnlyConfig(Config parent, Path file, FS fs) {
            super(parent, file.toFile(), fs);
        }

        @Override
        public void load() throws IOException, ConfigInvalidException {
            try {
                super.load();
            } catch (IOException e) {
                // A configuration that this user may not read counts as empty, as it does for git itself.
                clear();
            }
        }

        @Override
        public void save() {
            // Nothing of the user's is changed.
        }
    }
}
