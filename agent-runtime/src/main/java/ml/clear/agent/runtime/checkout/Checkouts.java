// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.ProgramAccess;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import ml.clear.agent.api.vcs.Snapshot;
import ml.clear.agent.api.vcs.SnapshotRequest;
import ml.clear.agent.api.vcs.VersionControl;

/** Prepares the code of tasks. Safe for several threads. */
public final class Checkouts {

    private final VersionControls systems;
    private final CredentialChain credentials;
    private final Map<String, String> environment;

    /**
     * Checkouts with these parts.
     *
     * @param systems the version control systems, in order of preference
     * @param credentials what opens repositories
     * @param environment the agent's variables, for {@code ~} and {@code $NAME} in a task's texts
     */
    public Checkouts(List<VersionControl> systems, CredentialChain credentials, Map<String, String> environment) {
        this.systems = new VersionControls(systems);
        this.credentials = credentials;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Put a task's code into a folder.
     *
     * @param folder an absolute folder of this execution; the code goes below it
     * @throws AgentException {@code CHECKOUT_FAILED}, {@code DIFF_NOT_APPLICABLE}, or {@code TASK_INVALID} when the task
     *     names a place outside its repository or a system that no plugin handles
     */
    public PreparedCode prepare(Script script, Path folder, Console console) throws InterruptedException {
        Language language = Language.of(script.binary());
        if (!Language.isKnown(script.binary())) {
            console.line("interpreter '" + script.binary() + "' is unknown; the script is started with Python");
        }
        EntryPoint entry = EntryPoint.of(script, environment);
        try {
            return script.hasRepository()
                    ? withRepository(script, entry, language, folder, console)
                    : withoutRepository(script, entry, language, folder, console);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "the code cannot be written to '" + folder + "': " + e.getMessage(), e);
        }
    }

    /**
     * Use code that is there already: nothing is fetched, and no uncommitted changes are applied.
     *
     * @param folder an absolute folder that holds the code as a checkout would
     * @throws AgentException {@code TASK_INVALID} when the task names a place outside of it, or one that is not there
     */
    public PreparedCode inPlace(Script script, Path folder) {
        EntryPoint entry = EntryPoint.of(script, environment);
        try {
            Path scriptFolder = inside(folder, entry.folder());
            if (!Files.isDirectory(scriptFolder)) {
                throw new AgentException(
                        ErrorCode.TASK_INVALID,
                        "working directory '" + entry.folder() + "' is not in '" + folder
                                + "', where the code should be; correct agent.force_code_dir, or the task");
            }
            return new PreparedCode(folder, scriptFolder, entry.text(), Language.of(script.binary()), "", "");
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "the code in '" + folder + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a folder of a user is a working copy of. */
    public Optional<UserCopy> workingCopy(Path folder) throws InterruptedException {
        return systems.containing(folder);
    }

    /** Keep the commit of a working copy, so that {@link #prepare} needs no network for it on this machine. */
    public void remember(UserCopy copy, Console console) throws InterruptedException {
        copy.code().remember(copy.copy(), credentials, console);
    }

    /**
     * What programs such as pip need to fetch from repositories as {@link #prepare} does; see
     * {@link VersionControl#programAccess}. Repositories of no known system are left out.
     */
    public ProgramAccess programAccess(List<RepositoryAddress> repositories) throws InterruptedException {
        return systems.programAccess(repositories, credentials);
    }

    /** Keep a folder of a user that no repository elsewhere has, so that {@link #prepare} finds it on this machine. */
    public Optional<Snapshot> snapshot(SnapshotRequest request) throws InterruptedException {
        return systems.snapshot(request);
    }

    private PreparedCode withRepository(
            Script script, EntryPoint entry, Language language, Path folder, Console console)
            throws IOException, InterruptedException {
        RepositoryAddress address = addressOf(script);
        CredentialChain chain = AddressCredential.before(credentials, address, script.repository());
        VersionControl system = systems.of(address, script.diff(), chain);
        Path target = folder.resolve("task_repository").resolve(nameOf(address));
        Checkout checkout = system.checkOut(new CheckoutRequest(
                address, new Revision(script.commit(), script.tag(), script.branch()), target, chain, console));
        if (!script.diff().isBlank() && !TaskDiff.isDiff(script)) {
            LiteralScript literal = LiteralScript.of(entry, language);
            Path scriptFolder = inside(checkout.root(), literal.folder());
            requireNothingLost(script, checkout.root(), scriptFolder, literal);
            String text = write(script.diff(), checkout.root(), scriptFolder, literal, entry, console);
            return new PreparedCode(checkout.root(), scriptFolder, text, language, address.text(), checkout.commit());
        }
        if (!script.diff().isBlank()) {
            Path diff = TaskDiff.write(script, folder);
            try {
                system.applyDiff(checkout, diff, console);
            } finally {
                Files.deleteIfExists(diff);
            }
            console.line("uncommitted changes applied");
        }
        Path scriptFolder = inside(checkout.root(), entry.folder());
        if (!Files.isDirectory(scriptFolder)) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "working directory '" + entry.folder() + "' is not in '" + address + "' at " + checkout.commit()
                            + "; correct it in the task");
        }
        return new PreparedCode(
                checkout.root(), scriptFolder, entry.text(), language, address.text(), checkout.commit());
    }

    /** The text of a task is never dropped: it is a diff, or the script, or the task fails. */
    private static void requireNothingLost(Script script, Path root, Path folder, LiteralScript literal)
            throws IOException {
        Path file =
                inside(root, root.relativize(folder).resolve(literal.fileName()).toString());
        if (Files.isRegularFile(file) && !hasText(file, script.diff())) {
            throw new AgentException(
                    ErrorCode.DIFF_NOT_APPLICABLE,
                    "the task's uncommitted changes are not recognised as a diff (they begin with '"
                            + script.diff().strip().lines().findFirst().orElse("")
                            + "'), and '" + literal.fileName()
                            + "' is in the repository already; record them with git diff, or clear them");
        }
    }

    private static boolean hasText(Path file, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Files.size(file) == bytes.length && Arrays.equals(Files.readAllBytes(file), bytes);
    }

    private static PreparedCode withoutRepository(
            Script script, EntryPoint entry, Language language, Path folder, Console console) throws IOException {
        Path root = Files.createDirectories(folder.resolve("code"));
        LiteralScript literal = LiteralScript.of(entry, language);
        if (!literal.folder().equals(".")) {
            console.line("working directory '" + literal.folder() + "' is ignored, since the task has no repository");
        }
        if (!script.isLiteral()) {
            console.line("the task has neither a repository nor a script");
            return new PreparedCode(root, root, entry.text(), language, "", "");
        }
        String text = write(script.diff(), root, root, literal, entry, console);
        return new PreparedCode(root, root, text, language, "", "");
    }

    /** Writes the script unless its name is taken; returns the entry point that starts it. */
    private static String write(
            String content, Path root, Path folder, LiteralScript literal, EntryPoint entry, Console console)
            throws IOException {
        Files.createDirectories(folder);
        Path file =
                inside(root, root.relativize(folder).resolve(literal.fileName()).toString());
        try {
            Files.writeString(file, content, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            console.line("'" + literal.fileName() + "' exists already and is not overwritten by the task's script");
        }
        return literal.kept() ? entry.text() : file.toString();
    }

    /** A place in the working copy; neither {@code ..} nor a symbolic link leads out of it. */
    private static Path inside(Path root, String relative) throws IOException {
        Path place = root.resolve(relative).normalize();
        boolean outside = !place.startsWith(root);
        for (Path known = place; !outside && known != null && !known.equals(root); known = known.getParent()) {
            if (Files.exists(known, LinkOption.NOFOLLOW_LINKS)) {
                outside = !Files.exists(known) || !known.toRealPath().startsWith(root.toRealPath());
                break;
            }
        }
        if (outside) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "'" + relative + "' lies outside the task's code; name a place below the root of the repository");
        }
        return place;
    }

    /**
     * The address of a task's repository, without any password.
     *
     * @throws AgentException {@code TASK_INVALID} when it is none
     */
    public static RepositoryAddress addressOf(Script script) {
        try {
            return RepositoryAddress.parse(script.repository());
        } catch (IllegalArgumentException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID, "the task's repository is no address; correct it in the task", e);
        }
    }

    /** The last element of the address with its {@code .git}, as scripts of users know it from the Python agent. */
    private static String nameOf(RepositoryAddress address) {
        String path = address.path().replaceAll("/+$", "");
        String last = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf(':')) + 1);
        boolean usable = !last.isBlank() && !last.equals(".") && !last.equals("..") && !last.equals(".git");
        return usable ? last : "repository";
    }
}
