// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import ml.clear.agent.api.vcs.WorkingCopy;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.checkout.UserCopy;

/**
 * Finds the code that a script of a user needs. In a working copy with an origin it is the commit with all changes, files that
 * are not tracked yet among them; anywhere else it is a snapshot of the folder, which is kept on this machine.
 */
final class UserCode {

    /** The most bytes of files without history that become part of a task's changes. */
    static final long ADDITIONS_LIMIT = 2_000_000;

    private static final long LARGEST_DIFF = 4_000_000;
    private static final int NAMES_SHOWN = 5;

    private final Checkouts checkouts;
    private final CodeStore store;
    private final Console console;

    UserCode(Checkouts checkouts, CodeStore store, Console console) {
        this.checkouts = checkouts;
        this.store = store;
        this.console = console;
    }

    /**
     * The code of a script.
     *
     * @param copy the working copy that a checkout must be like
     * @param diff its changes since the commit
     * @param onlyHere whether it can be checked out on this machine alone
     */
    record Found(WorkingCopy copy, String diff, boolean onlyHere) {}

    /** The code around a script; empty when the script must do alone. */
    Optional<Found> around(Path script) throws InterruptedException {
        Path folder = ScriptSource.folderOf(script);
        Optional<UserCopy> copy = checkouts.workingCopy(folder);
        if (copy.isPresent() && isElsewhereToo(copy.get().copy())) {
            checkouts.remember(copy.get(), console);
            Optional<String> diff = diff(copy.get(), added(copy.get(), script));
            if (diff.isPresent()) {
                return Optional.of(new Found(copy.get().copy(), diff.get(), false));
            }
        }
        return snapshot(copy.map(found -> found.copy().root()).orElse(folder), script);
    }

    private static boolean isElsewhereToo(WorkingCopy copy) {
        return !copy.origin().isEmpty() && !copy.commit().isEmpty();
    }

    /** The untracked files to send: the script first, then the smallest. */
    private List<Path> added(UserCopy found, Path script) throws InterruptedException {
        WorkingCopy copy = found.copy();
        Path own = copy.root().relativize(script);
        List<Path> taken = new ArrayList<>();
        List<Path> left = new ArrayList<>();
        long bytes = 0;
        for (Path file : bySize(copy.root(), found.code().untracked(copy, own), own)) {
            bytes += size(copy.root().resolve(file));
            (bytes <= ADDITIONS_LIMIT || file.equals(own) ? taken : left).add(file);
        }
        if (!left.isEmpty()) {
            console.line("code: not sent, since not tracked and too large: " + names(left) + "; commit and push them");
        }
        if (!taken.isEmpty()) {
            console.line("code: sent along, though not tracked: " + names(taken));
        }
        return taken;
    }

    /** The changes since the commit; empty when they are more than a task can carry. */
    private Optional<String> diff(UserCopy found, List<Path> added) throws InterruptedException {
        Path root = found.copy().root();
        try {
            Path folder = Files.createTempDirectory("clearml-agent-");
            try {
                Path file = folder.resolve("uncommitted.diff");
                found.code().writeDiff(found.copy(), added, file);
                if (Files.size(file) > LARGEST_DIFF) {
                    console.line("code: the uncommitted changes take " + Files.size(file) / 1_000_000
                            + " MB, more than a task can carry; the files are kept instead");
                    return Optional.empty();
                }
                return Optional.of(Files.readString(file));
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM,
                    "the uncommitted changes in '" + root + "' cannot be kept: " + e.getMessage(),
                    e);
        }
    }

    private static List<Path> bySize(Path root, List<Path> files, Path first) {
        return files.stream()
                .sorted(Comparator.comparing((Path file) -> !file.equals(first))
                        .thenComparing(file -> size(root.resolve(file)))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // it was deleted, or is a broken link
        }
    }

    private Optional<Found> snapshot(Path folder, Path script) throws InterruptedException {
        if (store.isShared(folder)) {
            console.line("code: the script alone, since '" + folder
                    + "' is no project; to take other files along, put them and the script into a folder of their own");
            return Optional.empty();
        }
        Optional<Snapshot> made =
                checkouts.snapshot(new SnapshotRequest(folder, script, store.snapshots(), store.limit()));
        store.snapshots().evict();
        if (made.isEmpty()) {
            console.line(
                    "code: the script alone, since no version control system keeps the files beside it; install git");
            return Optional.empty();
        }
        report(made.get(), folder);
        return Optional.of(new Found(made.get().copy(), "", true));
    }

    private void report(Snapshot snapshot, Path folder) {
        String commit = snapshot.copy().commit();
        console.line("code: " + (snapshot.files() == 1 ? "1 file" : snapshot.files() + " files") + " of '" + folder
                + "', kept on this machine as commit " + commit.substring(0, Math.min(8, commit.length())));
        if (!snapshot.tooLarge().isEmpty()) {
            console.line("code: left out, since all files together exceed agent.run.size_limit: "
                    + names(snapshot.tooLarge()));
        }
        if (!snapshot.ignored().isEmpty()) {
            console.line("code: left out, since ignored: " + names(snapshot.ignored()));
        }
    }

    private static String names(List<Path> files) {
        String shown = files.stream().limit(NAMES_SHOWN).map(Path::toString).collect(Collectors.joining(", "));
        return files.size() <= NAMES_SHOWN ? shown : shown + " and " + (files.size() - NAMES_SHOWN) + " more";
    }
}
