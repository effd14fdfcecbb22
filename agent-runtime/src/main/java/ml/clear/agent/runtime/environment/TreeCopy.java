// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import ml.clear.agent.runtime.environment.FileTree.Entry;

/**
 * Copies an environment, sharing on disk what programs do not write to. Reads and writes in one pass, with several threads.
 *
 * <p>Where the file system clones ({@code btrfs}, {@code bcachefs}), every file is copied, which there shares the blocks
 * until one side is changed: nothing that a task does reaches the original.
 *
 * <p>Elsewhere files of packages become hard links, except for kinds that hold settings or data which programs change in
 * place. A task may install, upgrade and remove packages, since installers replace files rather than write into them. What
 * a task writes into a linked file in place reaches the original and the other copies; the cache notices it by size and
 * time and does not use such an original again. Without {@code linkSources} only compiled modules and libraries are linked.
 * Between two file systems everything is copied.
 */
final class TreeCopy {

    private static final Set<String> CLONING = Set.of("btrfs", "bcachefs");
    private static final Set<String> COMPILED = Set.of("pyc", "so", "a");
    private static final Set<String> EDITED = Set.of(
            "pth",
            "egg-link",
            "cfg",
            "ini",
            "conf",
            "json",
            "yaml",
            "yml",
            "toml",
            "db",
            "sqlite",
            "sqlite3",
            "log",
            "lock");

    private final int threads;
    private final boolean linkSources;

    TreeCopy(int threads, boolean linkSources) {
        this.threads = threads;
        this.linkSources = linkSources;
    }

    /**
     * Copy a tree.
     *
     * @param target made if absent
     * @return the files of the original, their paths relative to it
     * @throws InterruptedException when interrupted; the target is then incomplete
     */
    List<Entry> of(Path from, Path target) throws IOException, InterruptedException {
        Files.createDirectories(target);
        Pass pass = new Pass(from, !CLONING.contains(Files.getFileStore(target).type()));
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(pass.folder(from, target)).get();
            return List.copyOf(pass.entries);
        } catch (ExecutionException e) {
            pass.stopped = true;
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof UncheckedIOException wrapped) {
                    throw wrapped.getCause();
                }
            }
            throw new IllegalStateException("copying '" + from + "' failed", e);
        } catch (CancellationException e) {
            throw new IllegalStateException("copying '" + from + "' was cancelled", e);
        } finally {
            pass.stopped = true;
            pool.shutdownNow();
            pool.close();
        }
    }

    /** One copy. */
    private final class Pass {

        private final Path from;
        private final Path packages;
        private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
        private volatile boolean linking;
        private volatile boolean stopped;

        Pass(Path from, boolean linking) {
            this.from = from;
            this.packages = from.resolve("lib");
            this.linking = linking;
        }

        /** Copy one folder; its subfolders become separate tasks. */
        RecursiveAction folder(Path source, Path target) {
            return new RecursiveAction() {
                private static final long serialVersionUID = 1;

                @Override
                protected void compute() {
                    try {
                        invokeAll(copyFolder(source, target));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        }

        private List<RecursiveAction> copyFolder(Path source, Path target) throws IOException {
            List<RecursiveAction> below = new ArrayList<>();
            make(target);
            boolean shared = source.startsWith(packages);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(source)) {
                for (Path file : files) {
                    if (stopped) {
                        break;
                    }
                    copy(file, target.resolve(file.getFileName()), shared, below);
                }
            }
            return below;
        }

        private void make(Path folder) throws IOException {
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
        }

        private void copy(Path file, Path target, boolean shared, List<RecursiveAction> below) throws IOException {
            BasicFileAttributes attributes;
            try {
                attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isDirectory()) {
                    below.add(folder(file, target));
                    return;
                }
                if (!(shared && linking && shareable(file, attributes) && linked(file, target))) {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                }
            } catch (NoSuchFileException e) {
                if (Entry.compiled(file)) { // compiled modules come and go while tasks import them
                    return;
                }
                throw e;
            }
            entries.add(Entry.of(from.relativize(file), attributes));
        }

        private boolean linked(Path file, Path target) throws IOException {
            try {
                Files.createLink(target, file);
                return true;
            } catch (NoSuchFileException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                linking = false; // another file system, or one without links, or too many links to one file
                return false;
            }
        }
    }

    private boolean shareable(Path file, BasicFileAttributes attributes) {
        String name = file.getFileName().toString();
        String kind = name.substring(name.lastIndexOf('.') + 1);
        return attributes.isRegularFile()
                && (COMPILED.contains(kind) || name.contains(".so.") || (linkSources && !EDITED.contains(kind)));
    }
}
