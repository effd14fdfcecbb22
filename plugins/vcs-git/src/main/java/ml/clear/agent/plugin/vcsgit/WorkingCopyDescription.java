// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.WorkingCopy;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.SystemReader;

/**
 * Describes the working copy that a folder belongs to, in this process: whether or not git is installed, and whoever owns the
 * folder. Reads only.
 */
final class WorkingCopyDescription {

    private static final Pattern WEB = Pattern.compile("https?://.*", Pattern.CASE_INSENSITIVE);

    private WorkingCopyDescription() {}

    static Optional<WorkingCopy> of(PluginContext context, Path folder) throws IOException {
        isolate(context);
        FileRepositoryBuilder builder =
                new FileRepositoryBuilder().findGitDir(folder.toAbsolutePath().toFile());
        if (builder.getGitDir() == null) {
            return Optional.empty();
        }
        try (Repository repository = builder.build()) {
            if (repository.isBare()) {
                return Optional.empty();
            }
            ObjectId head = repository.resolve(Constants.HEAD);
            Path root = repository.getWorkTree().toPath().toAbsolutePath().normalize();
            return Optional.of(
                    new WorkingCopy(root, origin(repository), branch(repository), head == null ? "" : head.name()));
        }
    }

    /** Readies JGit, whose one view of the machine is global to the class loader of this plugin. */
    private static synchronized void isolate(PluginContext context) {
        if (!(SystemReader.getInstance() instanceof IsolatedSystemReader)) {
            SystemReader.setInstance(new IsolatedSystemReader(
                    context.environment(),
                    context.cacheFolder().resolve("file-systems.config"),
                    SystemReader.getInstance()));
        }
    }

    /** The address of {@code origin}, else of the only remote. */
    private static String origin(Repository repository) {
        String url = repository.getConfig().getString(ConfigConstants.CONFIG_REMOTE_SECTION, "origin", "url");
        if (url == null && repository.getRemoteNames().size() == 1) {
            String only = repository.getRemoteNames().iterator().next();
            url = repository.getConfig().getString(ConfigConstants.CONFIG_REMOTE_SECTION, only, "url");
        }
        if (url == null || url.isBlank()) {
            return "";
        }
        return WEB.matcher(url).matches() ? RepositoryAddress.parse(url).text() : url;
    }

    private static String branch(Repository repository) throws IOException {
        String full = repository.getFullBranch();
        return full != null && full.startsWith(Constants.R_HEADS) ? full.substring(Constants.R_HEADS.length()) : "";
    }
}
