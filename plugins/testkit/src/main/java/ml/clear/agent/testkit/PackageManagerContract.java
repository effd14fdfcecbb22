// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.EnvironmentRequest.SourceTree;
import ml.clear.agent.api.python.EnvironmentRequest.Target;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.task.Requirements;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every package manager must do. A subclass creates the manager; the suite creates small packages in a local
 * folder and needs no network.
 */
public abstract class PackageManagerContract {

    private final RecordedConsole console = new RecordedConsole();

    private Path folder = Path.of("");
    private Path wheels = Path.of("");
    private Path sources = Path.of("");

    /** For subclasses. */
    protected PackageManagerContract() {}

    /**
     * The manager under test.
     *
     * @param context folders and settings for it
     * @param packages the only folder from which it may take packages; it must use no other source
     */
    protected abstract PackageManager manager(TestContext context, Path packages);

    /** Whether {@code restore} accepts a copy at another path; false for a manager that always builds anew. */
    protected boolean acceptsCopies() {
        return true;
    }

    /** Whether {@code restore} accepts a copy without the links that lead out of it, as it comes from another machine. */
    protected boolean acceptsForeignCopies() {
        return acceptsCopies();
    }

    /** The folder of one test, absolute. */
    protected final Path folder() {
        return folder;
    }

    /** What was written to the console of the task. */
    protected final RecordedConsole console() {
        return console;
    }

    /** A request for these lines. */
    protected final EnvironmentRequest request(String... lines) {
        return new EnvironmentRequest(
                "", Requirements.ofPip(List.of(lines)), new SourceTree(sources, sources, false), console);
    }

    @BeforeEach
    final void writePackages(@TempDir Path temporary) throws IOException {
        folder = temporary.toRealPath();
        wheels = folder.resolve("wheels");
        sources = Files.createDirectories(folder.resolve("task's code"));
        PythonWheel.of("alpha", "1.0").writeTo(wheels);
        PythonWheel.of("alpha", "2.0").writeTo(wheels);
        new PythonWheel("beta", "1.5", List.of("alpha<2")).writeTo(wheels);
    }

    private PackageManager manager() throws IOException {
        return manager(TestContext.in(Files.createDirectories(folder.resolve("agent"))), wheels);
    }

    @Test
    void installedPackagesAreImportedAndFrozen() throws Exception {
        PythonEnvironment environment = manager().plan(request("alpha==2.0")).build(folder.resolve("environment"));

        assertThat(python(environment, "import alpha; print(alpha.VERSION)")).isEqualTo("2.0");
        assertThat(environment.frozen().pip()).contains("alpha==2.0");
        assertThat(environment.folder()).isEqualTo(folder.resolve("environment"));
    }

    @Test
    void packagesBringWhatTheyNeed() throws Exception {
        PythonEnvironment environment = manager().plan(request("beta")).build(folder.resolve("environment"));

        assertThat(environment.frozen().pip()).contains("alpha==1.0", "beta==1.5");
    }

    @Test
    void anEnvironmentWithoutRequirementsRunsPython() throws Exception {
        PythonEnvironment environment = manager().plan(request()).build(folder.resolve("environment"));

        assertThat(python(environment, "print(6 * 7)")).isEqualTo("42");
    }

    @Test
    void pathsMayHoldBlanksAndLettersOfAnyScript() throws Exception {
        Path strange = folder.resolve("with blank/ümläut 环境");

        PythonEnvironment environment = manager().plan(request("alpha==1.0")).build(strange);

        assertThat(python(environment, "import alpha; print(alpha.VERSION)")).isEqualTo("1.0");
        assertThat(output(List.of(strange.resolve("bin/alpha").toString()))).isEqualTo("alpha 1.0");
    }

    @Test
    void identityIsTheSameForTheSameRequest() throws Exception {
        PackageManager manager = manager();

        assertThat(manager.plan(request("alpha==1.0", "beta")).identity())
                .as("the order, the blanks and the comments of requirements do not matter")
                .isEqualTo(manager.plan(request("beta", "alpha == 1.0  # why")).identity());
    }

    @Test
    void identityDiffersWithTheRequirements() throws Exception {
        PackageManager manager = manager();

        assertThat(manager.plan(request("alpha==1.0")).identity())
                .isNotEqualTo(manager.plan(request("alpha==2.0")).identity());
    }

    @Test
    void identityNamesNoPassword() throws Exception {
        EnvironmentPlan plan =
                manager().plan(request("--extra-index-url https://ci:s3cr3t@packages.invalid/simple", "alpha"));

        assertThat(plan.identity().toString()).doesNotContain("s3cr3t");
    }

    @Test
    void aRequirementThatDoesNotExistIsNamedWithTheReason() throws Exception {
        EnvironmentPlan plan = manager().plan(request("alpha", "no-such-package-anywhere==7"));

        Throwable failure = catchThrowable(() -> plan.build(folder.resolve("environment")));

        assertThat(failure).isInstanceOfSatisfying(AgentException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE);
            assertThat(error).hasMessageContaining("no-such-package-anywhere==7");
        });
        assertThat(failure.toString().lines()).hasSize(1);
    }

    @Test
    void aVersionThatDoesNotExistIsNamed() throws Exception {
        EnvironmentPlan plan = manager().plan(request("alpha==9.9"));

        assertThat(catchThrowable(() -> plan.build(folder.resolve("environment"))))
                .isInstanceOfSatisfying(AgentException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.REQUIREMENTS_UNSATISFIABLE);
                    assertThat(error).hasMessageContaining("alpha==9.9");
                });
    }

    @Test
    void aCopyElsewhereWorksWithItsCommands() throws Exception {
        assumeTrue(acceptsCopies(), "this manager rebuilds every environment");
        PackageManager manager = manager();
        Path original = folder.resolve("original");
        manager.plan(request("alpha==1.0")).build(original);
        Path copy = folder.resolve("copy of it");
        copy(original, copy);
        Folders.delete(original);

        PythonEnvironment environment =
                manager.plan(request("alpha==1.0")).restore(copy, original).orElseThrow();

        assertThat(environment.frozen().pip()).contains("alpha==1.0");
        assertThat(python(environment, "import alpha; print(alpha.__file__)")).startsWith(copy.toString());
        assertThat(output(List.of(copy.resolve("bin/alpha").toString()))).isEqualTo("alpha 1.0");
    }

    @Test
    void aCopyWhoseInterpreterIsGoneIsNotAccepted() throws Exception {
        PackageManager manager = manager();
        Path original = folder.resolve("original");
        manager.plan(request("alpha==1.0")).build(original);
        Path copy = folder.resolve("copy");
        copy(original, copy);
        Files.delete(copy.resolve("bin/python"));
        Files.createSymbolicLink(copy.resolve("bin/python"), folder.resolve("python that was removed"));

        assertThat(manager.plan(request("alpha==1.0")).restore(copy, original)).isEmpty();
    }

    @Test
    void anEnvironmentOfAnotherMachineIsCompletedByRestore() throws Exception {
        assumeTrue(acceptsForeignCopies(), "this manager builds environments anew that come from another machine");
        EnvironmentPlan plan = manager().plan(request("alpha==1.0"));
        assumeTrue(plan.portableIdentity().isPresent(), "this manager shares no environments between machines");
        Path original = folder.resolve("original");
        plan.build(original);
        Path copy = folder.resolve("copy of it");
        copy(original, copy);
        Folders.delete(original);
        List<Path> outside = linksOutOf(copy);
        for (Path link : outside) {
            Files.delete(link);
        }

        PythonEnvironment environment =
                manager().plan(request("alpha==1.0")).restore(copy, original).orElseThrow();

        assertThat(python(environment, "import alpha; print(alpha.__file__)")).startsWith(copy.toString());
        assertThat(output(List.of(copy.resolve("bin/alpha").toString()))).isEqualTo("alpha 1.0");
        assertThat(outside).allMatch(link -> Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    }

    private static List<Path> linksOutOf(Path environment) throws IOException {
        try (Stream<Path> all = Files.walk(environment)) {
            List<Path> links = new ArrayList<>();
            for (Path path : all.filter(Files::isSymbolicLink).toList()) {
                Path target = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
                if (!target.startsWith(environment)) {
                    links.add(path);
                }
            }
            return links;
        }
    }

    @Test
    void packagesGoIntoTheEnvironmentOfAnExistingInterpreter() throws Exception {
        PackageManager manager = manager();
        PythonEnvironment existing = manager.plan(request()).build(folder.resolve("existing"));
        EnvironmentPlan plan = manager.plan(new EnvironmentRequest(
                "",
                Requirements.ofPip(List.of("alpha==1.0")),
                new SourceTree(sources, sources, false),
                new Target.Existing(existing.interpreter().toString()),
                console));

        PythonEnvironment environment = plan.build(folder.resolve("environment"));

        assertThat(plan.cacheable()).isFalse();
        assertThat(environment.interpreter()).isEqualTo(existing.interpreter());
        assertThat(environment.frozen().pip()).contains("alpha==1.0");
        assertThat(python(existing, "import alpha; print(alpha.VERSION)")).isEqualTo("1.0");
        Path temporary = folder.resolve("environment");
        boolean clean = Files.notExists(temporary) || Folders.isEmpty(temporary);
        assertThat(clean).as("temporary files are deleted").isTrue();
    }

    @Test
    void interruptingLeavesNoProcess() throws Exception {
        EnvironmentPlan plan = manager().plan(request("alpha", "beta"));
        Path environment = folder.resolve("interrupted");
        CompletableFuture<Throwable> result = new CompletableFuture<>();
        Thread builder = Thread.ofPlatform()
                .name("test-builder")
                .start(() -> result.complete(catchThrowable(() -> plan.build(environment))));

        while (childrenOf(folder).isEmpty() && builder.isAlive()) {
            builder.join(Duration.ofMillis(5));
        }
        builder.interrupt();

        Throwable end = result.get(60, TimeUnit.SECONDS);
        assertThat(end == null || end instanceof InterruptedException).isTrue();
        assertThat(childrenOf(folder)).isEmpty();
    }

    @Test
    void nothingIsWrittenBesideTheEnvironmentAndTheFoldersOfThePlugin() throws Exception {
        manager().plan(request("alpha")).build(folder.resolve("environment"));

        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .containsExactlyInAnyOrder("wheels", "task's code", "agent", "environment");
        }
        assertThat(sources).isEmptyDirectory();
    }

    /** What the environment's interpreter prints for some code. */
    protected final String python(PythonEnvironment environment, String code) throws InterruptedException {
        List<String> command = new ArrayList<>(environment.launcher());
        command.addAll(List.of("-c", code));
        return output(command);
    }

    /** What a command prints; fails when it fails. */
    protected final String output(List<String> command) throws InterruptedException {
        CommandResult result = new ProcessCommandRunner(System.getenv())
                .run(Command.of(command).directory(folder).build());
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result.output().strip();
    }

    private static List<String> childrenOf(Path folder) {
        try (Stream<ProcessHandle> processes = ProcessHandle.current().descendants()) {
            return processes
                    .map(process -> process.info().commandLine().orElse(""))
                    .filter(line -> line.contains(folder.toString()))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(visited)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
