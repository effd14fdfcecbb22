// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.Revision;

/** Fetches objects and references of one address into repositories on this machine. */
final class Transfer {

    private static final Path ANYWHERE = Path.of("/");
    private static final int ATTEMPTS = 3;
    private static final long PAUSE_MILLIS = 1_000;
    private static final Pattern REQUEST =
            Pattern.compile("(?:refs/)?((?:pull|pull-requests|merge-requests|changes)/[^\\s]+)");
    private static final List<String> LOST = List.of(
            "early eof",
            "rpc failed; curl",
            "connection reset",
            "unexpected disconnect",
            "transfer closed",
            "fetch-pack: invalid index-pack output");

    /** Allows folders of other users, and commits that no reference reaches. */
    private static final String LOCAL_SERVER =
            "git -c 'safe.directory=*' -c uploadpack.allowAnySHA1InWant=true upload-pack";

    private final GitAccess access;
    private final FetchArguments options;
    private final Console progress;

    Transfer(GitAccess access, FetchArguments options, Console progress) {
        this.access = access;
        this.options = options;
        this.progress = progress;
    }

    /** Clone into a bare repository in a folder that does not exist yet. */
    void cloneTo(Path mirror) throws GitFailure, InterruptedException {
        List<String> arguments =
                new ArrayList<>(List.of("clone", "--bare", "--progress", "--template=", "--origin", "origin"));
        if (!options.tags()) {
            arguments.add("--no-tags");
        }
        arguments.addAll(server());
        arguments.addAll(List.of("--", access.url(), mirror.toString()));
        run(GitCommand.in(ANYWHERE, arguments));
    }

    /** Updates branches and tags to the state of the remote. */
    void fetchAll(GitRepository into, List<String> more) throws GitFailure, InterruptedException {
        List<String> specs = new ArrayList<>(List.of("+refs/heads/*:" + into.branches() + "*"));
        if (options.tags()) {
            specs.add("+refs/tags/*:refs/tags/*");
        }
        List<String> words = new ArrayList<>(List.of("--prune"));
        words.addAll(more);
        fetch(into, words, specs);
    }

    /** Sets HEAD of a mirror to the remote's main branch. */
    void followHead(GitRepository mirror) throws GitFailure, InterruptedException {
        for (String line : remoteNames("--symref", "HEAD")) {
            if (line.startsWith("ref: refs/heads/")) {
                String branch = line.substring("ref: ".length()).split("\\s", 2)[0];
                mirror.git().run(mirror.command("symbolic-ref", "HEAD", branch));
            }
        }
    }

    /**
     * Fetches commits that branches and tags do not reach: a commit by its identity or its beginning, or a pull
     * request. When the server refuses, nothing is fetched and the look-up reports the error.
     *
     * @return the commit, unless it had to be asked for
     */
    Optional<String> fetchMissing(GitRepository into, Revision revision) throws InterruptedException {
        try {
            Optional<String> found = new RevisionLookup(into).find(revision);
            if (found.isPresent()) {
                return found;
            }
            Optional<String> source = missing(revision);
            if (source.isPresent()) {
                fetchAs(into, source.get(), RevisionLookup.ASKED + RevisionLookup.asked(RevisionLookup.name(revision)));
            }
        } catch (GitFailure failure) {
            System.getLogger(Transfer.class.getName())
                    .log(System.Logger.Level.DEBUG, "not given by name: {0}", failure.getMessage());
        }
        return Optional.empty();
    }

    /** Fetches one commit or reference of the remote into a reference outside of the branches. */
    void fetchAs(GitRepository into, String source, String name) throws GitFailure, InterruptedException {
        fetch(into, options.limiting(), List.of("+" + source + ":" + name));
    }

    private Optional<String> missing(Revision revision) throws GitFailure, InterruptedException {
        Optional<String> exact = RevisionLookup.exact(revision);
        if (exact.isPresent()) {
            return exact;
        }
        String name = RevisionLookup.name(revision);
        if (REQUEST.matcher(name).matches()) {
            return Optional.of(name.startsWith("refs/") ? name : "refs/" + name);
        }
        Optional<String> abbreviated = RevisionLookup.abbreviated(revision);
        if (abbreviated.isEmpty()) {
            return Optional.empty();
        }
        return remoteNames("--refs").stream()
                .filter(line -> line.startsWith(abbreviated.get()))
                .map(line -> line.split("\\s", 2)[1])
                .findFirst();
    }

    private List<String> remoteNames(String option, String... names) throws GitFailure, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("ls-remote", option));
        arguments.addAll(server());
        arguments.addAll(List.of("--", access.url()));
        arguments.addAll(List.of(names));
        return access.run(GitCommand.in(ANYWHERE, arguments), line -> {})
                .output()
                .lines()
                .toList();
    }

    private void fetch(GitRepository into, List<String> more, List<String> specs)
            throws GitFailure, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--force"));
        Stream.of(options.passed(), more, server()).forEach(arguments::addAll);
        // a partial clone finds the missing objects by the name of the remote
        boolean named = into.branches().equals(GitRepository.COPY_BRANCHES);
        arguments.addAll(List.of("--", named ? "origin" : access.url()));
        arguments.addAll(specs);
        run(GitCommand.in(into.folder(), arguments)
                .with("transfer.unpackLimit", "1")
                .with("fetch.unpackLimit", "1"));
    }

    private List<String> server() {
        return access.address().scheme().equals("file") ? List.of("--upload-pack", LOCAL_SERVER) : List.of();
    }

    /** A lost connection is retried; git keeps only complete objects. */
    private void run(GitCommand command) throws GitFailure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                access.run(command, progress);
                return;
            } catch (GitFailure failure) {
                if (attempt == ATTEMPTS || !isLost(failure)) {
                    throw failure;
                }
            }
            Thread.sleep(PAUSE_MILLIS * attempt);
        }
    }

    static boolean isLost(GitFailure failure) {
        String words = failure.lowerCase();
        return LOST.stream().anyMatch(words::contains);
    }
}
