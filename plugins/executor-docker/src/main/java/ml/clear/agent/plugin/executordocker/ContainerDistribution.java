// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.ToolStore.Maker;
import ml.clear.agent.api.process.ToolStore.Tool;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.storage.TransferProgress;

/**
 * The distribution of the agent that runs in containers: the newest compatible one of {@code agent.docker_agent_distribution}, or the
 * running one. An archive is downloaded once, its digest is checked, and it is installed with its start-up cache among the agent's
 * tools. Safe for several threads.
 */
final class ContainerDistribution {

    private static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(1);
    private static final Duration LONGEST_WORK = Duration.ofMinutes(15);
    private static final String LAUNCHER = "bin/clearml-agent";
    private static final Pattern VERSION = Pattern.compile("\\b\\d+\\.\\d+\\.\\d+\\b(?![-.])");
    private static final Pattern DIGEST = Pattern.compile("\\b[0-9a-fA-F]{64}\\b");

    private final PluginContext context;
    private final List<String> running;

    /** @param running the command that starts the running agent */
    ContainerDistribution(PluginContext context, List<String> running) {
        this.context = context;
        this.running = List.copyOf(running);
    }

    /**
     * The folder of the distribution that containers get in place of the running one; empty for the running one.
     *
     * @param notes gets why the running one is used although another place is configured
     */
    Optional<Path> folder(Consumer<String> notes) throws InterruptedException {
        String place = context.settings().get(DockerSettings.DISTRIBUTION).strip();
        if (place.isEmpty() || context.settings().get(DockerSettings.CURRENT_VERSION)) {
            return Optional.empty();
        }
        try {
            return newer(new DistributionSource(context.storage(), place), notes);
        } catch (AgentException e) {
            notes.accept("the running version of the agent is used in the container: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** The command for a container: the launcher of another distribution in place of the running one's. */
    List<String> command(List<String> command, Path distribution) {
        if (command.size() < running.size()
                || !command.subList(0, running.size()).equals(running)) {
            return command;
        }
        List<String> other =
                new ArrayList<>(List.of(distribution.resolve(LAUNCHER).toString()));
        other.addAll(command.subList(running.size(), command.size()));
        return other;
    }

    private Optional<Path> newer(DistributionSource source, Consumer<String> notes) throws InterruptedException {
        AgentVersion ours = version(running)
                .orElseThrow(() -> new AgentException(
                        ErrorCode.PROGRAM_MISSING, "'" + String.join(" ", running) + "' names no released version"));
        Optional<DistributionArchive> newest = source.newest(ours);
        if (newest.isEmpty()) {
            notes.accept("the running version of the agent, " + ours + ", is used in the container: '" + source
                    + "' holds no compatible clearml-agent-VERSION-" + DistributionArchive.thisPlatform() + ".tar.gz");
            return Optional.empty();
        }
        return newest.get().version().compareTo(ours) > 0
                ? Optional.of(installed(newest.get(), notes))
                : Optional.empty();
    }

    private Path installed(DistributionArchive archive, Consumer<String> notes) throws InterruptedException {
        String digest = digest(archive);
        Tool tool = new Tool(
                "clearml-agent",
                new TreeMap<>(Map.of(
                        "version", archive.version().toString(), "platform", archive.platform(), "sha256", digest)),
                FOR_EVER);
        Maker maker = folder -> install(archive, digest, folder, notes);
        return distribution(context.tools().provide(tool, maker, notes::accept));
    }

    private String digest(DistributionArchive archive) throws InterruptedException {
        try {
            Path folder = OwnerOnly.createTemporaryFolder(context.cacheFolder(), "checksum-");
            try {
                Path file = context.storage().localFile(archive.checksum(), folder, TransferProgress.NONE);
                Matcher digest = DIGEST.matcher(Files.readString(file));
                if (!digest.find()) {
                    throw new AgentException(
                            ErrorCode.DAMAGED,
                            "'" + archive.checksum() + "' holds no SHA-256 digest; write it with sha256sum");
                }
                return digest.group().toLowerCase(Locale.ROOT);
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot read '" + archive.checksum() + "': " + e.getMessage(), e);
        }
    }

    private void install(DistributionArchive archive, String digest, Path folder, Consumer<String> notes)
            throws IOException, InterruptedException {
        notes.accept("installing version " + archive.version() + " of the agent for containers from '"
                + archive.address() + "'");
        Path download = Files.createDirectory(folder.resolve("download"));
        Path file = context.storage().localFile(archive.address(), download, TransferProgress.NONE);
        if (!digest.equals(digestOf(file))) {
            throw new AgentException(
                    ErrorCode.DAMAGED,
                    "'" + archive.address() + "' does not have the SHA-256 digest of '" + archive.checksum()
                            + "'; store both again");
        }
        CommandResult unpacked = context.commands()
                .run(Command.of("tar", "-xzf", file.toString(), "--no-same-owner", "-C", folder.toString())
                        .timeout(LONGEST_WORK)
                        .build());
        Folders.delete(download);
        if (!unpacked.succeeded()) {
            throw new AgentException(
                    ErrorCode.DAMAGED,
                    "'" + archive.address() + "' cannot be unpacked: "
                            + unpacked.errors().strip());
        }
        List<String> launcher = List.of(distribution(folder).resolve(LAUNCHER).toString());
        if (!version(launcher).equals(Optional.of(archive.version()))) {
            throw new AgentException(
                    ErrorCode.DAMAGED,
                    "'" + archive.address() + "' does not hold a working agent of version " + archive.version());
        }
        makeStartUpCache(launcher);
    }

    /** Without one, containers start slower. */
    private void makeStartUpCache(List<String> launcher) throws InterruptedException {
        context.commands()
                .run(Command.of(launcher)
                        .arguments(List.of("execute"))
                        .environment("CLEARML_AGENT_AOT", "make")
                        .timeout(LONGEST_WORK)
                        .build());
    }

    /** The only folder of an archive that holds an agent. */
    private static Path distribution(Path folder) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.isExecutable(entry.resolve(LAUNCHER))) {
                    return entry;
                }
            }
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot read '" + folder + "': " + e.getMessage(), e);
        }
        throw new AgentException(ErrorCode.DAMAGED, "the distribution in '" + folder + "' has no " + LAUNCHER);
    }

    private Optional<AgentVersion> version(List<String> launcher) throws InterruptedException {
        CommandResult answer = context.commands()
                .run(Command.of(launcher)
                        .arguments(List.of("--version"))
                        .timeout(LONGEST_ANSWER)
                        .build());
        Matcher version = VERSION.matcher(answer.output());
        return answer.succeeded() && version.find() ? AgentVersion.of(version.group()) : Optional.empty();
    }

    private static String digestOf(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK knows SHA-256", e);
        }
    }
}
