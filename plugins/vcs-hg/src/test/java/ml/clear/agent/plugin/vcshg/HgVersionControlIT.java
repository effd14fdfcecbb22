// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsSettings;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.api.vcs.VersionControl.Claim;
import ml.clear.agent.testkit.ProcessList;
import ml.clear.agent.testkit.TestContext;
import ml.clear.agent.testkit.TestSettings;
import ml.clear.agent.testkit.VersionControlContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("thorough")
class HgVersionControlIT extends VersionControlContract {

    private static final Revision MAIN = new Revision("", "", "");

    @TempDir
    private Path own;

    private TestContext context;
    private HgVersionControl hg;

    @BeforeEach
    void makeVersionControl() throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "hg")));
        assumeTrue(installed || Boolean.getBoolean("require.real"), "Mercurial is not installed");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("HOME", own.toString());
        environment.put(
                "HGRCPATH",
                Files.writeString(own.resolve("hgrc"), "[ui]\nusername = Tester\n")
                        .toString());
        context = TestContext.in(own).with(settings()).with(environment);
        hg = new HgVersionControl(context);
    }

    private TestSettings settings() {
        return TestSettings.defaults()
                .with(VcsSettings.CACHE_PATH, own.resolve("vcs-cache").toString());
    }

    @Override
    protected VersionControl versionControl() {
        return hg;
    }

    @Override
    protected String system() {
        return "hg";
    }

    @Override
    protected String newRepository(Path place) throws Exception {
        Files.createDirectories(place);
        hg(place, "init");
        return place.toString();
    }

    @Override
    protected String commit(String repository, Map<String, String> files) throws Exception {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = Path.of(repository, file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        hg(Path.of(repository), "update", "--quiet");
        hg(Path.of(repository), "commit", "--addremove", "--message", "change");
        return hg(Path.of(repository), "log", "--rev", ".", "--template", "{node}");
    }

    @Override
    protected void branch(String repository, String name) throws Exception {
        hg(Path.of(repository), "bookmark", "--inactive", name);
    }

    @Override
    protected void tag(String repository, String name) throws Exception {
        hg(Path.of(repository), "tag", "--local", name);
        // a tag that travels is a commit of its own, which the contract does not expect
        Path tags = Path.of(repository, ".hgtags");
        String node = hg(Path.of(repository), "log", "--rev", name, "--template", "{node}");
        Files.writeString(tags, node + " " + name + "\n");
    }

    @Override
    protected String patch(String path, String oldLine, String newLine) {
        return "diff --git a/" + path + " b/" + path + "\n--- a/" + path + "\n+++ b/" + path + "\n@@ -1,1 +1,1 @@\n-"
                + oldLine + "\n+" + newLine + "\n";
    }

    @ParameterizedTest
    @CsvSource({
        "ssh://hg@host/team/model, OWN",
        "hg+ssh://git@host/team/model, OWN",
        "https://hg.example.org/model, OWN",
        "https://host/team/model, POSSIBLE",
        "https://host/team/model.git, NONE",
        "git+https://host/team/model, NONE",
        "git://host/team/model, NONE",
    })
    void theFormOfAnAddressShowsWhoseItIs(String address, Claim claim) {
        assertThat(hg.claim(RepositoryAddress.parse(address))).isEqualTo(claim);
    }

    @Test
    void whatOnlyHgWritesIsRecognised() {
        assertThat(hg.wrote("diff -r 0123 train.py\n--- a/train.py")).isTrue();
        assertThat(hg.wrote("# HG changeset patch\n")).isTrue();
        assertThat(hg.wrote("diff --git a/x b/x\nindex 1..2\n")).isFalse();
    }

    @Test
    void aNamedBranchMeansItsNewestOpenHead() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        hg(Path.of(repository), "branch", "work");
        Files.writeString(Path.of(repository, "train.py"), "two\n");
        hg(Path.of(repository), "commit", "--message", "on the branch");

        assertThat(checkOut(repository, new Revision("", "", "work")).root().resolve("train.py"))
                .hasContent("two\n");
        assertThat(checkOut(repository, MAIN).root().resolve("train.py")).hasContent("one\n");
    }

    @Test
    void aNameThatLooksLikeAnExpressionIsAName() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));

        assertThatThrownBy(() -> checkOut(repository, new Revision("", "", "max(all()) or '\\''")))
                .hasMessageContaining("there is no branch");
    }

    @Test
    void aKnownCommitNeedsNoRepository() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        String commit = commit(repository, Map.of("train.py", "one\n"));
        checkOut(repository, MAIN);
        Files.move(Path.of(repository), own.resolve("away"));

        assertThat(checkOut(repository, new Revision(commit, "", "")).commit()).isEqualTo(commit);
    }

    @Test
    void mirrorsLieInTheCacheOfTheSettingsUnlessItIsDisabled() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        hg = new HgVersionControl(context.with(settings().with(VcsSettings.CACHE_ENABLED, false)));
        assertThat(checkOut(repository, MAIN).root().resolve("train.py")).hasContent("one\n");
        assertThat(own.resolve("vcs-cache")).doesNotExist();

        hg = new HgVersionControl(context);
        assertThat(checkOut(repository, MAIN).root().resolve("train.py")).hasContent("one\n");
        assertThat(mirror()).isDirectory();
    }

    @Test
    void mirrorThatCannotBeUpdatedFailsOrIsClonedAgainAsTheSettingsSay() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        checkOut(repository, MAIN);
        Files.writeString(mirror().resolve("mirror/.hg/requires"), "unknown-requirement\n");
        assertThatThrownBy(() -> checkOut(repository, MAIN)).hasMessageContaining("unknown-requirement");

        hg = new HgVersionControl(context.with(settings().with(VcsSettings.CACHE_CLONE_ON_FAILURE, true)));

        assertThat(checkOut(repository, MAIN).root().resolve("train.py")).hasContent("one\n");
    }

    private Path mirror() throws IOException {
        try (Stream<Path> entries = Files.list(own.resolve("vcs-cache"))) {
            return entries.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    @Test
    void aRefusedCredentialGivesWayToTheNextAndShowsNowhere() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        try (HgOverHttp server = new HgOverHttp(Path.of(repository), "ada", "right-canary")) {
            CredentialChain chain = new CredentialChain(List.of(
                    new CredentialChain.Source("first", _ -> List.of(pair("ada", "wrong-canary"))),
                    new CredentialChain.Source("second", _ -> List.of(pair("ada", "right-canary")))));
            Path target = own.resolve("copy");

            hg.checkOut(
                    new CheckoutRequest(RepositoryAddress.parse(server.address()), MAIN, target, chain, line -> {}));

            assertThat(target.resolve("train.py")).hasContent("one\n");
            assertThat(server.refused()).isPositive();
            assertThat(filesWith("canary")).isEmpty();
            assertThat(hg.localCode()
                            .orElseThrow()
                            .describe(target)
                            .orElseThrow()
                            .origin())
                    .isEqualTo("hg+" + server.address());
        }
    }

    @Test
    void programsThatStartHgReachTheServerOfTheirRepositoryAndNoOther() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        try (HgOverHttp server = new HgOverHttp(Path.of(repository), "ada", "right-canary");
                HgOverHttp other = new HgOverHttp(Path.of(repository), "ada", "right-canary")) {
            CredentialChain chain = new CredentialChain(List.of(new CredentialChain.Source(
                    "test", _ -> List.of(pair("ada", "wrong-canary"), pair("ada", "right-canary")))));

            ProgramAccess access = hg.programAccess(List.of(RepositoryAddress.parse("hg+" + server.address())), chain);

            assertThat(access.variables().toString()).doesNotContain("canary");
            assertThat(identifies(access, server)).isTrue();
            assertThat(identifies(access, other)).isFalse();
            assertThat(identifies(ProgramAccess.NONE, server)).isFalse();
            assertThat(filesWith("canary")).isEmpty();
        }
    }

    @Test
    void pipInstallsFromARepositoryWhosePasswordIsInNoProcessListAndNoFile() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("project/pyproject.toml", """
                        [build-system]
                        requires = []
                        build-backend = "backend"
                        backend-path = ["."]
                        """, "project/backend.py", """
                        import os, zipfile

                        def build_wheel(folder, settings=None, metadata=None):
                            name = "library-1.0-py3-none-any.whl"
                            info = "library-1.0.dist-info/"
                            with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
                                wheel.writestr("library.py", repr(dict(os.environ)))
                                wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: library\\nVersion: 1.0\\n")
                                wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                                wheel.writestr(info + "RECORD", "")
                            return name
                        """));
        try (HgOverHttp server = new HgOverHttp(Path.of(repository), "ada", "right-canary");
                ProcessList processes = ProcessList.withVariables("right-canary")) {
            CredentialChain chain = new CredentialChain(
                    List.of(new CredentialChain.Source("test", _ -> List.of(pair("ada", "right-canary")))));
            String requirement = "library @ hg+" + server.address() + "#subdirectory=project";
            Path target = own.resolve("packages");

            CommandResult installed = context.commands()
                    .run(hg.programAccess(List.of(RepositoryAddress.parse("hg+" + server.address())), chain)
                            .grant(Command.of("python3", "-m", "pip", "install", "--no-input", "--no-compile")
                                    .arguments(List.of("--target", target.toString(), requirement)))
                            .build());

            assertThat(installed.succeeded())
                    .as(installed.output() + installed.errors())
                    .isTrue();
            assertThat(target.resolve("library.py")).exists();
            assertThat(installed.output() + installed.errors()).doesNotContain("canary");
            assertThat(processes.seen()).isEmpty();
        }
        assertThat(filesWith("canary")).isEmpty();
    }

    @Test
    void withoutHttpAndSshProgramsNeedNothing() throws Exception {
        assertThat(hg.programAccess(List.of(RepositoryAddress.parse("hg+file:///srv/a")), CredentialChain.empty()))
                .isEqualTo(ProgramAccess.NONE);
    }

    /** By a program that closes inherited descriptors, as pip does. */
    private boolean identifies(ProgramAccess access, HgOverHttp server) throws InterruptedException {
        String child = "import subprocess, sys;"
                + " sys.exit(subprocess.run(['hg', '--noninteractive', 'identify', sys.argv[1]]).returncode)";
        return context.commands()
                .run(access.grant(Command.of("python3", "-c", child, server.address()))
                        .build())
                .succeeded();
    }

    @Test
    void aFailureSaysWhatTheProvidersAnswered() throws Exception {
        String repository = newRepository(own.resolve("origin"));
        commit(repository, Map.of("train.py", "one\n"));
        try (HgOverHttp server = new HgOverHttp(Path.of(repository), "ada", "right-canary")) {
            CredentialChain chain = new CredentialChain(
                    List.of(new CredentialChain.Source("netrc", _ -> List.of(pair("ada", "wrong-canary")))));

            assertThatThrownBy(() -> hg.checkOut(new CheckoutRequest(
                            RepositoryAddress.parse(server.address()), MAIN, own.resolve("copy"), chain, line -> {})))
                    .hasMessageContaining("credentials: netrc: refused")
                    .hasMessageNotContaining("canary");
        }
    }

    private static VcsCredential pair(String user, String password) {
        return new UserPassword(user, Secret.of(password));
    }

    private List<String> filesWith(String mark) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(own)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(mark)) {
                    found.add(file.toString());
                }
            }
        }
        return found;
    }

    private String hg(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("hg"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HGRCPATH", own.resolve("hgrc").toString());
        builder.environment().put("HGPLAIN", "1");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }
}
