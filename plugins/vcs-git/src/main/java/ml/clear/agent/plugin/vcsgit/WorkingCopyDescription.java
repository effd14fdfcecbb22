// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.WorkingCopy;

/** Describes the working copy that a folder belongs to. Reads only; the owner of the folder is not checked. */
final class WorkingCopyDescription {

    private static final Pattern WEB = Pattern.compile("https?://.*", Pattern.CASE_INSENSITIVE);

    private final GitProgram git;
    private final Path folder;

    private WorkingCopyDescription(GitProgram git, Path folder) {
        this.git = git;
        this.folder = folder;
    }

    /** Empty outside of working copies, where no program is started, and on a machine without git. */
    static Optional<WorkingCopy> of(GitProgram git, Path folder) throws InterruptedException {
        Path absolute = folder.toAbsolutePath();
        return isBelowHistory(absolute) && git.hasProgram("git")
                ? new WorkingCopyDescription(git, absolute).describe()
                : Optional.empty();
    }

    private static boolean isBelowHistory(Path folder) {
        for (Path place = folder; place != null; place = place.getParent()) {
            if (Files.exists(place.resolve(".git"))) {
                return true;
            }
        }
        return false;
    }

    private Optional<WorkingCopy> describe() throws InterruptedException {
        Optional<String> root = line("rev-parse", "--show-toplevel");
        return root.isEmpty()
                ? Optional.empty()
                : Optional.of(new WorkingCopy(
                        Path.of(root.get()),
                        origin(),
                        line("symbolic-ref", "--quiet", "--short", "HEAD").orElse(""),
                        line("rev-parse", "--verify", "--quiet", "HEAD").orElse("")));
    }

    /** The address of {@code origin}, otherwise of the only remote. */
    private String origin() throws InterruptedException {
        CommandResult listed =
                git.attempt(GitCommand.in(folder, "config", "--null", "--get-regexp", "^remote\\..*\\.url$"));
        Map<String, String> urls = new LinkedHashMap<>();
        for (String entry : listed.output().split("\0")) {
            int end = entry.indexOf('\n');
            if (end > 0) {
                urls.putIfAbsent(
                        entry.substring(0, end), entry.substring(end + 1).strip());
            }
        }
        String only = urls.size() == 1 ? urls.values().iterator().next() : "";
        String url = urls.getOrDefault("remote.origin.url", only);
        return WEB.matcher(url).matches() ? RepositoryAddress.parse(url).text() : url;
    }

    private Optional<String> line(String... arguments) throws InterruptedException {
        CommandResult result = git.attempt(GitCommand.in(folder, arguments));
        String line = result.output().strip();
        return result.succeeded() && !line.isEmpty() ? Optional.of(line) : Optional.empty();
    }
}
