// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.runtime.environment.FileTree.Entry;

/**
 * Compiles the modules of an environment while the task already runs, at the lowest priority, and hands the result to
 * the copy in the cache.
 *
 * <p>Compiling all modules before the task starts takes longer than downloading them, and the task imports few of them;
 * compiling none would make each later task compile them again where {@code PYTHONDONTWRITEBYTECODE} is set. If the
 * task ends first, the modules compiled so far are handed over; the next task compiles the rest.
 */
final class ModuleCompilation {

    private static final System.Logger LOG = System.getLogger(ModuleCompilation.class.getName());
    private static final Path NICE = Path.of("/usr/bin/nice");
    private static final String DONE = "compiled";

    private final PythonEnvironment environment;
    private final Path copy;
    private final CommandRunner commands;
    private final Runnable afterwards;
    private final Thread thread;

    private ModuleCompilation(PythonEnvironment environment, Path copy, CommandRunner commands, Runnable afterwards) {
        this.environment = environment;
        this.copy = copy;
        this.commands = commands;
        this.afterwards = afterwards;
        this.thread = Thread.ofPlatform().name("environment-compile").daemon().unstarted(this::run);
    }

    /**
     * Start, unless the copy in the cache has all its modules compiled already; what is returned ends it.
     *
     * @param afterwards run when the copy has got the compiled modules, or has them already
     */
    static Runnable start(PythonEnvironment environment, Path copy, CommandRunner commands, Runnable afterwards) {
        if (Files.exists(copy.resolveSibling(DONE))) {
            afterwards.run();
            return () -> {};
        }
        ModuleCompilation compilation = new ModuleCompilation(environment, copy, commands, afterwards);
        compilation.thread.start();
        return compilation::stop;
    }

    /** Stop compiling and wait until the modules compiled so far have been handed over. */
    private void stop() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the caller is in a hurry; the thread ends by itself
        }
    }

    private void run() {
        try {
            boolean complete = compile();
            hand();
            if (complete) {
                Files.createFile(copy.resolveSibling(DONE));
            }
        } catch (FileAlreadyExistsException e) {
            LOG.log(DEBUG, "modules of ''{0}'' were compiled by another task", copy);
        } catch (IOException e) {
            // the copy was evicted, or the task's folder was deleted meanwhile: later tasks compile for themselves
            LOG.log(DEBUG, "cannot keep the compiled modules of ''{0}'': {1}", copy, e.getMessage());
        } finally {
            afterwards.run();
        }
    }

    private boolean compile() throws IOException {
        Optional<Path> packages = packages();
        if (packages.isEmpty()) {
            return false;
        }
        List<String> arguments = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            arguments.addAll(List.of(NICE.toString(), "-n", "19"));
        }
        arguments.add(environment.interpreter().toString());
        arguments.addAll(List.of("-m", "compileall", "-q", packages.get().toString()));
        try {
            CommandResult result = commands.run(Command.of(arguments)
                    .directory(environment.folder())
                    .removeVariable("PYTHONPATH")
                    .removeVariable("PYTHONHOME")
                    .removeVariable("PYTHONPYCACHEPREFIX")
                    .timeout(Duration.ofHours(1))
                    .build());
            // 1 means that some modules cannot be compiled, such as those for other versions of Python: a retry does
            // not help
            return result.exitCode() <= 1;
        } catch (AgentException e) {
            LOG.log(DEBUG, "cannot compile the modules of ''{0}'': {1}", environment.folder(), e.getMessage());
            return false;
        } catch (InterruptedException e) {
            return false; // closed: the thread ends after handing over
        }
    }

    private Optional<Path> packages() throws IOException {
        Path library = environment.folder().resolve("lib");
        if (!Files.isDirectory(library)) {
            return Optional.empty();
        }
        try (var versions = Files.newDirectoryStream(library, "python*")) {
            for (Path version : versions) {
                return Optional.of(version.resolve("site-packages"));
            }
        }
        return Optional.empty();
    }

    /** Link compiled modules into the copy where the sources are the ones they were compiled from. */
    private void hand() throws IOException {
        FileTree tree = FileTree.of(environment.folder());
        for (Entry entry : tree.entries()) {
            Optional<Path> source = source(entry.path());
            if (source.isPresent()
                    && same(tree.root().resolve(source.get()), copy.resolve(source.get()))
                    && Files.notExists(copy.resolve(entry.path()))) {
                hand(tree.root().resolve(entry.path()), copy.resolve(entry.path()));
            }
        }
    }

    private static void hand(Path compiled, Path target) throws IOException {
        Path folder = target.getParent();
        if (folder != null && Files.notExists(folder)) {
            Files.createDirectory(folder); // never its parents: an evicted copy must not reappear
        }
        try {
            Files.createLink(target, compiled);
        } catch (FileAlreadyExistsException e) {
            LOG.log(DEBUG, "''{0}'' is there already", target);
        } catch (IOException | UnsupportedOperationException e) {
            // a unique name, since another task may be handing over the same module
            Path beside = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID());
            try {
                Files.copy(compiled, beside);
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside);
            }
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            BasicFileAttributes first = Files.readAttributes(one, BasicFileAttributes.class);
            BasicFileAttributes second = Files.readAttributes(other, BasicFileAttributes.class);
            return first.size() == second.size()
                    && first.lastModifiedTime().toMillis()
                            == second.lastModifiedTime().toMillis();
        } catch (IOException e) {
            return false;
        }
    }

    /** The source of a compiled module: {@code a/__pycache__/b.cpython-311.pyc} comes from {@code a/b.py}. */
    private static Optional<Path> source(Path compiled) {
        Path folder = compiled.getParent();
        String name = compiled.getFileName().toString();
        if (!name.endsWith(".pyc") || folder == null || !folder.endsWith("__pycache__")) {
            return Optional.empty();
        }
        int tag = name.indexOf(".cpython-");
        return tag < 0 ? Optional.empty() : Optional.of(folder.resolveSibling(name.substring(0, tag) + ".py"));
    }
}
