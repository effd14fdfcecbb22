// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, from any folder and with a damaged installation: the right output and nothing else. */
@Tag("thorough")
class LauncherIT {

    @TempDir
    private static Path shared;

    private static Installation unpacked;

    @TempDir
    private Path folder;

    private Installation installation;

    @BeforeAll
    static void unpack() throws IOException {
        unpacked = Installation.unpackedInto(Files.createDirectory(shared.resolve("unpacked")));
    }

    @BeforeEach
    void copyIntoAFolderWithSpaces() {
        installation = unpacked.copiedTo(folder.resolve("an agent of mine"));
    }

    @Test
    void runsFromAnyFolderAndThroughLinks() throws IOException {
        Path absolute = Files.createSymbolicLink(folder.resolve("absolute link"), installation.launcher());
        Path relative = Files.createSymbolicLink(folder.resolve("agent"), Path.of("absolute link"));

        assertPrintsItsVersion(quiet(folder).run(installation.launcher().toString(), "--version"));
        assertPrintsItsVersion(quiet(installation.home()).run("bin/clearml-agent", "--version"));
        assertPrintsItsVersion(quiet(installation.home().resolve("bin")).run("./clearml-agent", "--version"));
        assertPrintsItsVersion(quiet(installation.home().resolve("bin")).run("sh", "clearml-agent", "--version"));
        assertPrintsItsVersion(quiet(folder).with("CDPATH", "/usr").run(absolute.toString(), "--version"));
        assertPrintsItsVersion(quiet(folder).run("./" + relative.getFileName(), "--version"));
        assertPrintsItsVersion(
                quiet(folder).with("PATH", folder + ":" + System.getenv("PATH")).run("sh", "-c", "agent --version"));
    }

    @Test
    void usesTheCacheThatItMade() {
        installation.withCache();

        // With AOTMode=on a JVM that cannot use its cache does not start.
        assertPrintsItsVersion(shell().with("CLEARML_AGENT_JAVA_OPTIONS", "-XX:AOTMode=on")
                .run(installation.launcher().toString(), "--version"));
    }

    @Test
    void firstCommandMakesTheCacheInTheBackground() throws Exception {
        assertPrintsItsVersion(shell().run(installation.launcher().toString(), "--version"));

        await(() -> Files.exists(installation.cacheFolder().resolve("stamp")));
        assertThat(installation.caches()).hasSize(1);
    }

    @Test
    void firstCommandsAtOnceMakeOneCache() throws Exception {
        List<Shell.Started> commands = IntStream.range(0, 4)
                .mapToObj(_ -> shell().start(List.of(installation.launcher().toString(), "--version")))
                .toList();

        commands.forEach(command -> assertPrintsItsVersion(command.finish()));
        await(() -> Files.exists(installation.cacheFolder().resolve("stamp")));
        // A process that waited for the lock has ended, too, once the lock is free.
        Shell.Finished free =
                shell().run("flock", installation.cacheFolder().resolve("lock").toString(), "true");
        assertThat(free.status()).isZero();
        assertThat(installation.caches()).hasSize(1);
        assertThat(Installation.list(installation.cacheFolder(), ".part")).isEmpty();
    }

    @Test
    void deletedCacheIsNotMissed() throws IOException {
        installation.withCache();
        Files.delete(installation.caches().getFirst());

        assertPrintsItsVersion(quiet(folder).run(installation.launcher().toString(), "--version"));
        assertPrintsItsVersion(version());
    }

    @Test
    void damagedCacheIsNotUsed() throws IOException {
        Path cache = installation.withCache().caches().getFirst();
        var time = Files.getLastModifiedTime(cache);
        byte[] bytes = Files.readAllBytes(cache);
        Arrays.fill(bytes, bytes.length / 4, bytes.length / 2, (byte) 0x5a);
        Files.write(cache, bytes);
        Files.setLastModifiedTime(cache, time);
        assertPrintsItsVersion(version());

        Files.writeString(cache, "not a cache at all");
        assertPrintsItsVersion(version());
        Files.writeString(cache, "");
        assertPrintsItsVersion(version());
    }

    @Test
    void cacheOfAnotherRuntimeIsRejectedWithoutAWord() throws IOException {
        Path cache = folder.resolve("foreign.aot");
        Files.writeString(cache, "made by somebody else");

        assertPrintsItsVersion(shell().with("CLEARML_AGENT_AOT", "off")
                .with("CLEARML_AGENT_JAVA_OPTIONS", "-XX:AOTCache=" + cache)
                .run(installation.launcher().toString(), "--version"));
    }

    @Test
    void movedInstallationDoesNotUseItsOldCache() throws IOException {
        installation.withCache();
        Path elsewhere = Files.move(installation.home(), folder.resolve("elsewhere"));

        assertPrintsItsVersion(
                using(folder).run(elsewhere.resolve("bin/clearml-agent").toString(), "--version"));
    }

    @Test
    void replacedJarOfEqualSizeRunsItsOwnCode() throws IOException {
        var jar = new AgentJar(installation.jar("agent-runtime"));
        jar.store();
        installation.withCache();
        long size = Files.size(jar.file());

        jar.replaceText("CLEARML-AGENT version", "CLEARML-AGENT VERSION");

        assertThat(jar.file()).hasSize(size);
        assertThat(version().out()).isEqualTo(Installation.VERSION_LINE.replace("version", "VERSION"));
    }

    @Test
    void replacedJarOfEqualSizeAndTimeRunsItsOwnCode() throws IOException {
        var jar = new AgentJar(installation.jar("agent-runtime"));
        jar.store();
        installation.withCache();
        long size = Files.size(jar.file());
        var time = Files.getLastModifiedTime(jar.file());

        jar.replaceText("CLEARML-AGENT version", "CLEARML-AGENT VERSION");
        Files.setLastModifiedTime(jar.file(), time);

        assertThat(jar.file()).hasSize(size);
        assertThat(version().out()).isEqualTo(Installation.VERSION_LINE.replace("version", "VERSION"));
    }

    @Test
    void readOnlyInstallationKeepsItsCacheWithTheUser() throws Exception {
        Path own = Files.createDirectory(folder.resolve("cache of mine"));
        List<String> readOnly = readOnly(installation.launcher().toString(), "--version");
        Shell shell = shell().with("XDG_CACHE_HOME", own.toString());

        assertPrintsItsVersion(shell.start(readOnly).finish());
        Path cacheFolder = own.resolve("clearml-agent/aot" + installation.home().toRealPath())
                .resolve("commands");
        await(() -> Files.exists(cacheFolder.resolve("stamp")));

        assertThat(Installation.list(cacheFolder, ".aot")).hasSize(1);
        assertThat(installation.cacheFolder()).doesNotExist();
        assertPrintsItsVersion(shell.with("CLEARML_AGENT_JAVA_OPTIONS", "-XX:AOTMode=on")
                .start(readOnly)
                .finish());
    }

    @Test
    void readOnlyInstallationRunsWithoutAnyPlaceForACache() {
        Shell shell = shell().with("HOME", "").with("XDG_CACHE_HOME", "");

        assertPrintsItsVersion(shell.start(readOnly(installation.launcher().toString(), "--version"))
                .finish());
        assertThat(installation.cacheFolder()).doesNotExist();
    }

    @Test
    void optionsMeantForTheTaskReachTheTaskAndNotOurJvm() {
        Shell.Finished finished = quiet(folder)
                .with("JAVA_TOOL_OPTIONS", "-Dspark=\"a b\" *")
                .with("JDK_JAVA_OPTIONS", "-Xmx1m")
                .with("_JAVA_OPTIONS", "-Xmx2m")
                .with("CLASSPATH", "/spark/*")
                .run(installation.launcher().toString(), "--version");

        assertPrintsItsVersion(finished);
    }

    @Test
    void optionsMeantForTheTaskAreKeptForIt() throws IOException {
        standInForJava("env");

        Shell.Finished finished = quiet(folder)
                .with("JAVA_TOOL_OPTIONS", "-Dspark=\"a b\" *")
                .with("JDK_JAVA_OPTIONS", "")
                .with("_JAVA_OPTIONS", "-Xmx2m")
                .with("CLASSPATH", "/spark/*")
                .run(installation.launcher().toString(), "--version");

        assertThat(finished.out().lines())
                .contains(
                        "CLEARML_AGENT_SAVED_JAVA_TOOL_OPTIONS=-Dspark=\"a b\" *",
                        "CLEARML_AGENT_SAVED_JDK_JAVA_OPTIONS=",
                        "CLEARML_AGENT_SAVED__JAVA_OPTIONS=-Xmx2m",
                        "CLEARML_AGENT_SAVED_CLASSPATH=/spark/*")
                .noneMatch(line -> line.matches("(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH)=.*"));
    }

    @Test
    void theLocaleIsOneWithEveryFileNameAndTheUsersIsKeptForTheTaskThroughEachChild() throws IOException {
        standInForJava("env");
        Shell user = quiet(folder).with("LC_ALL", "xx_YY.ISO-8859-1");

        assertThat(user.run(installation.launcher().toString(), "--version")
                        .out()
                        .lines())
                .contains("LC_ALL=C.UTF-8", "CLEARML_AGENT_SAVED_LC_ALL=xx_YY.ISO-8859-1");
        assertThat(user.with("CLEARML_AGENT_SAVED_LC_ALL", "")
                        .run(installation.launcher().toString(), "--version")
                        .out()
                        .lines())
                .contains("LC_ALL=C.UTF-8", "CLEARML_AGENT_SAVED_LC_ALL=");
    }

    @Test
    void argumentsArriveAsTheyAre() throws IOException {
        standInForJava("while [ \"$1\" != --module ]; do shift; done; shift 2; printf '<%s>' \"$@\"");

        Shell.Finished finished = quiet(folder)
                .with("CLEARML_AGENT_JAVA_OPTIONS", "-Da=* -Db=2")
                .run(installation.launcher().toString(), "run", "my script.py", "", "*", "$HOME", "a\nb");

        assertThat(finished.out()).isEqualTo("<run><my script.py><><*><$HOME><a\nb>");
    }

    @Test
    void globalOptionsBeforeTheCommandChangeNothingOfItsJvm() throws IOException {
        standInForJava("printf '%s ' \"$@\"");
        String launcher = installation.launcher().toString();
        String daemon = quiet(folder).run(launcher, "daemon").out();

        assertThat(daemon).contains(" -Xmx64m ");
        for (List<String> globals : List.of(
                List.of("--config-file", "my file.conf"),
                List.of("--config-file", "execute"),
                List.of("--config-file=x.conf"),
                List.of("--conf", "x.conf", "--debug"),
                List.of("-d"))) {
            List<String> command = new ArrayList<>(List.of(launcher));
            command.addAll(globals);
            command.addAll(List.of("daemon", "--queue", "execute"));
            assertThat(quiet(folder).start(command).finish().out())
                    .as(globals.toString())
                    .contains(" -Xmx64m ")
                    .endsWith(String.join(" ", command.subList(1, command.size())) + " ");
        }
    }

    @Test
    void aPasswordIsNoArgumentOfALongLivedProcess() throws IOException {
        standInForJava("while [ \"$1\" != --module ]; do shift; done; shift 2;"
                + " printf '<%s>' \"$@\"; printf ' %s' \"$CLEARML_AGENT_GIT_PASS\"");
        String launcher = installation.launcher().toString();

        assertThat(quiet(folder)
                        .run(launcher, "daemon", "--git-user", "me", "--git-pass", "se cr*t", "--queue", "a b")
                        .out())
                .isEqualTo("<daemon><--git-user><me><--queue><a b> se cr*t");
        assertThat(quiet(folder)
                        .run(launcher, "-d", "execute", "--git-pass=x=y", "--id", "")
                        .out())
                .isEqualTo("<-d><execute><--id><> x=y");
        assertThat(quiet(folder).run(launcher, "daemon", "--git-pass").out()).isEqualTo("<daemon><--git-pass> ");
        assertThat(quiet(folder)
                        .run(launcher, "run", "x.py", "--", "--git-pass", "mine")
                        .out())
                .isEqualTo("<run><x.py><--><--git-pass><mine> ");
    }

    @Test
    void statusOfTheAgentIsTheStatusOfTheCommand() throws IOException {
        standInForJava("exit 3");

        assertThat(version().status()).isEqualTo(3);
    }

    /** A shell whose first command makes the cache in the background. */
    private Shell shell() {
        return Shell.in(folder);
    }

    /** A shell whose commands use a cache and make none, so that nothing is left running. */
    private static Shell using(Path folder) {
        return Shell.in(folder).with("CLEARML_AGENT_AOT", "use");
    }

    /** A shell whose commands neither use nor make a cache. */
    private static Shell quiet(Path folder) {
        return Shell.in(folder).with("CLEARML_AGENT_AOT", "off");
    }

    private Shell.Finished version() {
        return using(folder).run(installation.launcher().toString(), "--version");
    }

    private void standInForJava(String script) throws IOException {
        Path java = installation.home().resolve("runtime/bin/java");
        Files.delete(java);
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The command, seeing the installation as a file system that is mounted read-only. */
    private List<String> readOnly(String... command) {
        String home = installation.home().toString();
        String mount = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"";
        List<String> start = List.of("unshare", "--mount", "--map-root-user", "sh", "-c", mount, home);
        Shell.Finished possible = shell().start(concat(start, "true")).finish();
        if (!Boolean.getBoolean("require.real")) {
            assumeTrue(possible.status() == 0, "this machine permits no mounts: " + possible.err());
        }
        assertThat(possible.status()).as(possible.err()).isZero();
        return concat(start, command);
    }

    private static List<String> concat(List<String> start, String... more) {
        return Stream.concat(start.stream(), Arrays.stream(more)).toList();
    }

    private static void assertPrintsItsVersion(Shell.Finished finished) {
        assertThat(finished).isEqualTo(new Shell.Finished(0, Installation.VERSION_LINE, ""));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
