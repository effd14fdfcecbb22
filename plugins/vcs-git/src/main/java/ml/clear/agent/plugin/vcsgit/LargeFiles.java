// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Fetches what lies in large file storage (Git LFS) with the program for it, or says that the program is missing. */
final class LargeFiles {

    private static final byte[] POINTER_START =
            "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_POINTER = 1024;

    private final PluginContext context;
    private final GitRemote remote;

    LargeFiles(PluginContext context, GitRemote remote) {
        this.context = context;
        this.remote = remote;
    }

    void fetch(Path root, Console console) throws IOException, InterruptedException {
        List<String> pointers = pointers(root);
        if (pointers.isEmpty()) {
            return;
        }
        if (!isInstalled("git") || !isInstalled("git-lfs")) {
            console.line("git: " + pointers.size() + " files such as '" + pointers.getFirst()
                    + "' are pointers to large files that were not fetched; install git and git-lfs");
            return;
        }
        console.line("git: fetching " + pointers.size() + " large files");
        CommandResult result = context.commands().run(command(root));
        if (!result.succeeded()) {
            throw new AgentException(
                    ErrorCode.CHECKOUT_FAILED,
                    "the large files of '" + remote.address() + "' cannot be fetched: "
                            + result.errors().strip() + "; check that the repository's storage has them");
        }
    }

    private Command command(Path root) throws InterruptedException {
        List<String[]> config = new ArrayList<>();
        config.add(new String[] {"safe.directory", "*"});
        authorization().ifPresent(header -> config.add(new String[] {header(remote.address()), header}));
        Command.Builder command = Command.of("git", "lfs", "pull")
                .directory(root)
                .environment(context.network().variables())
                .environment("GIT_TERMINAL_PROMPT", "0")
                .environment("GIT_CONFIG_COUNT", String.valueOf(config.size()));
        for (int i = 0; i < config.size(); i++) {
            command.environment("GIT_CONFIG_KEY_" + i, config.get(i)[0]);
            command.environment("GIT_CONFIG_VALUE_" + i, config.get(i)[1]);
        }
        return command.build();
    }

    /** The header is bound to the host, so that a storage elsewhere does not get it. */
    private static String header(RepositoryAddress address) {
        String port = address.port() < 0 ? "" : ":" + address.port();
        return "http." + address.scheme() + "://" + address.host() + port + "/.extraHeader";
    }

    private Optional<String> authorization() throws InterruptedException {
        if (!remote.address().isHttp()) {
            return Optional.empty();
        }
        Optional<VcsCredential> credential = remote.provider().find(remote.address());
        return credential.flatMap(found -> switch (found) {
            case UserPassword pair -> {
                byte[] text = (pair.user() + ":" + pair.password().reveal()).getBytes(StandardCharsets.UTF_8);
                yield Optional.of("Authorization: Basic " + Base64.getEncoder().encodeToString(text));
            }
            case BearerToken bearer ->
                Optional.of("Authorization: Bearer " + bearer.token().reveal());
            case SshKey _ -> Optional.empty();
        });
    }

    private static List<String> pointers(Path root) throws IOException {
        try (Repository repository = new FileRepositoryBuilder()
                .setGitDir(root.resolve(".git").toFile())
                .build()) {
            DirCache index = repository.readDirCache();
            if (!usesLargeFiles(root, index)) {
                return List.of();
            }
            List<String> pointers = new ArrayList<>();
            for (int i = 0; i < index.getEntryCount(); i++) {
                DirCacheEntry entry = index.getEntry(i);
                if (FileMode.REGULAR_FILE.equals(entry.getRawMode() & ~0111)
                        && isPointer(root.resolve(entry.getPathString()))) {
                    pointers.add(entry.getPathString());
                }
            }
            return pointers;
        }
    }

    private static boolean usesLargeFiles(Path root, DirCache index) throws IOException {
        for (int i = 0; i < index.getEntryCount(); i++) {
            String path = index.getEntry(i).getPathString();
            if (path.equals(".gitattributes") || path.endsWith("/.gitattributes")) {
                Path file = root.resolve(path);
                if (Files.isRegularFile(file)
                        && Files.readString(file, StandardCharsets.ISO_8859_1).contains("filter=lfs")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isPointer(Path file) throws IOException {
        // the index does not tell the size of files that were just written
        boolean small = Files.isRegularFile(file) && Files.size(file) <= LONGEST_POINTER;
        byte[] content = small ? Files.readAllBytes(file) : new byte[0];
        return content.length >= POINTER_START.length
                && java.util.Arrays.equals(content, 0, POINTER_START.length, POINTER_START, 0, POINTER_START.length);
    }

    private boolean isInstalled(String program) {
        for (String folder : context.environment().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
