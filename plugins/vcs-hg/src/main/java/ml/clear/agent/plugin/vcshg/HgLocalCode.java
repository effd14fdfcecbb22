// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.vcs.LocalCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.WorkingCopy;

/** Describes the working copies of users and writes their changes. */
final class HgLocalCode implements LocalCode {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String NO_COMMIT = "0".repeat(40);

    private final HgProgram hg;

    HgLocalCode(HgProgram hg) {
        this.hg = hg;
    }

    @Override
    public Optional<WorkingCopy> describe(Path folder) throws InterruptedException {
        Optional<Path> root = rootOf(folder.toAbsolutePath().normalize());
        if (root.isEmpty() || !hg.isInstalled()) {
            return Optional.empty();
        }
        List<String> facts = output(root.get(), "log", "--rev=.", "--template={node}\n{branch}\n")
                .lines()
                .toList();
        boolean begun = facts.size() == 2 && !facts.getFirst().equals(NO_COMMIT);
        return Optional.of(new WorkingCopy(
                root.get(), origin(root.get()), begun ? facts.getLast() : "", begun ? facts.getFirst() : ""));
    }

    private static Optional<Path> rootOf(Path folder) {
        for (Path place = folder; place != null; place = place.getParent()) {
            if (Files.isDirectory(place.resolve(".hg"), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    /** With the prefix of hg if the address itself does not show the system. */
    private String origin(Path root) throws InterruptedException {
        CommandResult result = hg.run(root, LIMIT, List.of("config", "paths.default"));
        String configured = result.succeeded() ? result.output().strip() : "";
        if (configured.isEmpty()) {
            return "";
        }
        RepositoryAddress address = RepositoryAddress.parse(configured);
        return HgVersionControl.isOfHg(address) || address.scheme().equals("file")
                ? address.text()
                : "hg+" + address.text();
    }

    @Override
    public void writeDiff(WorkingCopy copy, List<Path> added, Path diff) throws InterruptedException {
        CommandResult result = hg.runTo(diff, copy.root(), LIMIT, List.of("diff", "--git"));
        if (!result.succeeded()) {
            throw unreadable(copy.root(), HgProgram.words(result));
        }
        for (Path file : added) {
            try {
                Files.writeString(diff, NewFilePatch.patch(copy.root(), file), StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw unreadable(copy.root(), e.toString());
            }
        }
    }

    /** Files that a text patch can contain; hg cannot write others into a patch without tracking them. */
    @Override
    public List<Path> untracked(WorkingCopy copy, Path script) throws InterruptedException {
        String all = output(copy.root(), "status", "--unknown", "--no-status", "--print0");
        String own =
                output(copy.root(), "status", "--unknown", "--ignored", "--no-status", "--print0", "path:" + script);
        return Stream.of((all + own).split("\0"))
                .filter(name -> !name.isEmpty())
                .distinct()
                .map(Path::of)
                .filter(file -> isText(copy.root().resolve(file)))
                .toList();
    }

    private static boolean isText(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) < NewFilePatch.LARGEST
                    && Files.readString(file).indexOf('\0') < 0;
        } catch (CharacterCodingException e) {
            return false;
        } catch (IOException e) {
            return false; // deleted meanwhile, or not readable
        }
    }

    private String output(Path root, String... arguments) throws InterruptedException {
        CommandResult result = hg.run(root, LIMIT, List.of(arguments));
        if (!result.succeeded()) {
            throw unreadable(root, HgProgram.words(result));
        }
        return result.output();
    }

    private static AgentException unreadable(Path root, String why) {
        return new AgentException(ErrorCode.FILE_SYSTEM, "the working copy in '" + root + "' cannot be read: " + why);
    }
}
