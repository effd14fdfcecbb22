// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.api.vcs.WorkingCopy;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutIT {

    private static final Revision MAIN = new Revision("", "", "main");

    @TempDir
    private Path folder;

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private TestContext context;
    private GitVersionControl versionControl;
    private Git origin;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        use(GitContext.in(folder.resolve("own")));
        origin = Git.init(folder.resolve("origin"));
        origin.write("train.py", "print(1)\n");
    }

    @Test
    void copyIsAWholeRepositoryThatOutlivesItsMirror() throws Exception {
        String commit = origin.commit();
        origin.run("tag", "-a", "-m", "one", "v1");
        Checkout checkout = checkOut("copy", MAIN);
        Folders.delete(folder.resolve("own/vcs-cache"));
        Git git = new Git(checkout.root());

        assertThat(git.run("rev-parse", "HEAD").strip()).isEqualTo(commit);
        assertThat(git.run("rev-parse", "--abbrev-ref", "HEAD").strip()).isEqualTo("HEAD");
        assertThat(git.run("rev-parse", "origin/main", "v1^{commit}").lines()).containsExactly(commit, commit);
        assertThat(git.run("status", "--porcelain")).isEmpty();
        assertThat(git.run("remote", "get-url", "origin").strip())
                .isEqualTo(origin.folder().toString());
        git.run("fsck", "--full", "--strict");
    }

    @Test
    void knownCommitNeedsNoRepositoryAnyMore() throws Exception {
        String commit = origin.commit();
        checkOut("first", MAIN);
        Folders.delete(origin.folder());

        assertThat(checkOut("second", new Revision(commit, "", "")).commit()).isEqualTo(commit);
        assertThatThrownBy(() -> checkOut("third", MAIN)).isInstanceOf(AgentException.class);
        assertThat(folder.resolve("third")).doesNotExist();
    }

    @Test
    void firstCheckoutCostsTwoCommandsOfGitAndAKnownCommitOne() throws Exception {
        List<String> commands = new ArrayList<>();
        CommandRunner runner = context.commands();
        use(context.with(new CommandRunner() {
            @Override
            public CommandResult run(Command command) throws InterruptedException {
                return run(command, line -> {});
            }

            @Override
            public CommandResult run(Command command, Console console) throws InterruptedException {
                commands.add(command.arguments().get(1));
                return runner.run(command, console);
            }
        }));
        String commit = origin.commit();

        checkOut("first", MAIN);
        assertThat(commands).containsExactly("version", "clone", "checkout");
        checkOut("known", new Revision(commit, "", ""));
        assertThat(commands).containsExactly("version", "clone", "checkout", "checkout");
        checkOut("again", MAIN);
        assertThat(commands).containsExactly("version", "clone", "checkout", "checkout", "fetch", "checkout");
    }

    @Test
    void exactCommitThatTheMirrorLacksIsFetched() throws Exception {
        origin.commit();
        checkOut("first", MAIN);
        String second = origin.write("train.py", "print(2)\n").commit();

        Checkout checkout = checkOut("second", new Revision(second, "", ""));

        assertThat(checkout.commit()).isEqualTo(second);
        assertThat(checkout.root().resolve("train.py")).hasContent("print(2)\n");
        assertThat(told).noneMatch(line -> line.contains("is in the cache"));
    }

    @Test
    void commitThatNobodyHasPushedIsCheckedOutOnceItIsRemembered() throws Exception {
        origin.commit();
        Git work = new Git(folder.resolve("work"));
        origin.run("clone", "--quiet", origin.folder().toString(), work.folder().toString());
        String unpushed = work.write("train.py", "print(2)\n").commit();
        WorkingCopy copy =
                versionControl.localCode().orElseThrow().describe(work.folder()).orElseThrow();

        versionControl.localCode().orElseThrow().remember(copy, CredentialChain.empty(), told::add);
        Folders.delete(origin.folder());
        Folders.delete(work.folder());
        Checkout checkout = checkOut("copy", new Revision(unpushed, "", ""));

        assertThat(checkout.root().resolve("train.py")).hasContent("print(2)\n");
    }

    @Test
    void copyThatCannotBeRememberedIsNoError() throws Exception {
        origin.commit();
        WorkingCopy gone =
                new WorkingCopy(folder.resolve("gone"), origin.folder().toString(), "main", "0".repeat(40));

        versionControl.localCode().orElseThrow().remember(gone, CredentialChain.empty(), told::add);

        assertThat(checkOut("copy", MAIN).root().resolve("train.py")).exists();
    }

    @Test
    void commitOnNoBranchIsAskedForByName() throws Exception {
        origin.commit();
        String lost = origin.write("train.py", "print(2)\n").commit();
        origin.run("reset", "--quiet", "--hard", "HEAD~1");

        assertThat(checkOut("copy", new Revision(lost, "", "")).commit()).isEqualTo(lost);
    }

    @Test
    void missingBranchNamesTheNearest() throws Exception {
        origin.commit();
        origin.run("branch", "feature/training");

        assertThatThrownBy(() -> checkOut("copy", new Revision("", "", "feature/trainin")))
                .hasMessageContaining("'feature/trainin'")
                .hasMessageContaining("nearest of 2 are 'feature/training'");
    }

    @Test
    void linksAndExecutableFilesAreKept() throws Exception {
        origin.write("run.sh", "#!/bin/sh\n");
        assertThat(origin.folder().resolve("run.sh").toFile().setExecutable(true))
                .isTrue();
        Files.createSymbolicLink(origin.folder().resolve("link"), Path.of("train.py"));
        origin.commit();
        Checkout checkout = checkOut("copy", MAIN);

        assertThat(checkout.root().resolve("run.sh")).isExecutable();
        assertThat(checkout.root().resolve("link")).isSymbolicLink();
    }

    @Test
    void submodulesOfSubmodulesAreCheckedOutAndTheirChangesTravel() throws Exception {
        Git inner = Git.init(folder.resolve("inner"));
        inner.write("inner.txt", "inner\n").commit();
        Git middle = Git.init(folder.resolve("middle"));
        middle.run("submodule", "--quiet", "add", "../inner", "deep");
        middle.commit();
        origin.run("submodule", "--quiet", "add", "../middle", "lib/middle");
        origin.commit();
        Checkout checkout = checkOut("copy", MAIN);

        Path file = checkout.root().resolve("lib/middle/deep/inner.txt");
        assertThat(file).hasContent("inner");
        assertThat(new Git(checkout.root()).run("status", "--porcelain")).isEmpty();

        Files.writeString(file, "changed\n");
        Path diff = folder.resolve("nested.diff");
        versionControl
                .localCode()
                .orElseThrow()
                .writeDiff(
                        versionControl
                                .localCode()
                                .orElseThrow()
                                .describe(checkout.root())
                                .orElseThrow(),
                        List.of(),
                        diff);
        Checkout fresh = checkOut("fresh", MAIN);
        versionControl.applyDiff(fresh, diff, told::add);
        assertThat(fresh.root().resolve("lib/middle/deep/inner.txt")).hasContent("changed");
    }

    @Test
    void withoutCacheNothingIsLeftBesideTheCopy() throws Exception {
        use(context.with(GitContext.settings(folder.resolve("own")).with(VcsSettings.CACHE_ENABLED, false)));
        origin.commit();
        Checkout checkout = checkOut("alone/copy", MAIN);

        new Git(checkout.root()).run("fsck");
        assertThat(folder.resolve("own/vcs-cache")).doesNotExist();
        try (Stream<Path> beside = Files.list(folder.resolve("alone"))) {
            assertThat(beside).containsExactly(checkout.root());
        }
    }

    @Test
    void manyCheckoutsOfOneRepositoryAtOnceShareOneMirror() throws Exception {
        origin.commit();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Future<Checkout>> checkouts = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String name = "copy" + i;
                // an instance each, as processes have
                GitVersionControl own = new GitVersionControl(context);
                checkouts.add(threads.submit(() -> own.checkOut(request(name, MAIN))));
            }
            for (Future<Checkout> checkout : checkouts) {
                assertThat(checkout.get().root().resolve("train.py")).exists();
            }
        }
        assertThat(told.stream().filter(line -> line.startsWith("git: cloning")))
                .hasSize(1);
    }

    @Test
    void remainsOfAKilledProcessAreRemoved() throws Exception {
        origin.commit();
        checkOut("first", MAIN);
        Path half = Files.createDirectories(mirror().resolve("generation-killed/objects/pack"));
        Files.writeString(half.resolve("tmp_pack_1"), "half");
        String second = origin.write("train.py", "print(2)\n").commit();

        assertThat(checkOut("second", MAIN).commit()).isEqualTo(second);
        assertThat(mirror().resolve("generation-killed")).doesNotExist();
    }

    @Test
    void damagedMirrorIsClonedAgain() throws Exception {
        origin.commit();
        checkOut("first", MAIN);
        try (Stream<Path> files =
                Files.walk(mirror().resolve("current").toRealPath().resolve("objects"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // not in place: the origin shares the file
                Files.delete(file);
                Files.writeString(file, "damaged");
            }
        }

        assertThat(checkOut("second", MAIN).root().resolve("train.py")).exists();
        assertThat(told).anyMatch(line -> line.contains("is cloned again"));
    }

    @Test
    void mirrorThatCannotBeUpdatedFailsOrIsClonedAgainAsTheSettingsSay() throws Exception {
        origin.commit();
        checkOut("first", MAIN);
        Files.writeString(mirror().resolve("current/config"), "[unfinished");
        assertThatThrownBy(() -> checkOut("second", MAIN)).hasMessageContaining("bad config");

        use(context.with(GitContext.settings(folder.resolve("own")).with(VcsSettings.CACHE_CLONE_ON_FAILURE, true)));

        assertThat(checkOut("second", MAIN).root().resolve("train.py")).exists();
    }

    @Test
    void largeFilesDeclaredBelowTheRootAreFound() throws Exception {
        use(context.with(GitContext.variables(Map.of("PATH", programsWithoutLargeFiles()))));
        origin.write(".gitattributes", "*.txt text\n");
        origin.write("data/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        origin.write("data/model.bin", "version https://git-lfs.github.com/spec/v1\n");
        origin.commit();
        checkOut("copy", MAIN);

        assertThat(told).anyMatch(line -> line.contains("'data/model.bin'") && line.contains("install git-lfs"));
    }

    @Test
    void pointersToLargeFilesAreToldWhenTheProgramIsMissing() throws Exception {
        use(context.with(GitContext.variables(Map.of("PATH", programsWithoutLargeFiles()))));
        origin.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        origin.write(
                "model.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 12345\n");
        origin.commit();
        checkOut("copy", MAIN);

        assertThat(told).anyMatch(line -> line.contains("'model.bin'") && line.contains("install git-lfs"));
    }

    @Test
    void tenThousandFilesAreQuickAndAWarmCopyOfFewIsQuicker() throws Exception {
        origin.commit();
        checkOut("warm-up", MAIN);
        long start = System.nanoTime();
        String few = checkOut("few", MAIN).commit();
        long fewMillis = (System.nanoTime() - start) / 1_000_000;
        start = System.nanoTime();
        checkOut("known", new Revision(few, "", ""));
        long knownMillis = (System.nanoTime() - start) / 1_000_000;
        for (int i = 0; i < 10_000; i++) {
            origin.write("d" + i % 100 + "/f" + i, "content " + i + "\n");
        }
        origin.commit();
        start = System.nanoTime();
        checkOut("many", MAIN);
        long manyMillis = (System.nanoTime() - start) / 1_000_000;
        System.out.println(
                "few " + fewMillis + " ms, known " + knownMillis + " ms, 10,000 files " + manyMillis + " ms");

        assertThat(manyMillis).isLessThan(60_000);
    }

    /** A folder of links to what git needs. */
    private String programsWithoutLargeFiles() throws Exception {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String name : List.of("git", "sh", "rm", "sed")) {
            Files.createSymbolicLink(programs.resolve(name), Git.program(name));
        }
        return programs.toString();
    }

    private void use(TestContext surroundings) {
        context = surroundings;
        versionControl = new GitVersionControl(context);
    }

    private Path mirror() throws Exception {
        try (Stream<Path> entries = Files.list(folder.resolve("own/vcs-cache"))) {
            return entries.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private Checkout checkOut(String name, Revision revision) throws InterruptedException {
        return versionControl.checkOut(request(name, revision));
    }

    private CheckoutRequest request(String name, Revision revision) {
        return new CheckoutRequest(
                RepositoryAddress.parse(origin.folder().toString()),
                revision,
                folder.resolve(name),
                CredentialChain.empty(),
                told::add);
    }
}
