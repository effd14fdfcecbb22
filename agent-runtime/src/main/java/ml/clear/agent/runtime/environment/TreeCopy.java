// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import ml.clear.agent.runtime.environment.FileTree.Entry;

/**
 * Copies an environment, sharing on disk what nobody writes to.
 *
 * <p>Where the file system clones ({@code btrfs}, {@code bcachefs}), every file is copied, which there shares the blocks
 * until one side is changed: nothing that a task does reaches the original.
 *
 * <p>Elsewhere compiled modules and libraries ({@code .pyc}, {@code .so} and the like) become hard links, and all other
 * files are copied. So a task may edit the Python sources, data files, {@code .pth} files and commands in its environment
 * in place, and may install, upgrade and remove packages, since installers replace files rather than write into them.
 * What would reach the original is writing into a shared library or a compiled module in place; the cache notices that by
 * size and time and does not use such a copy again. Between two file systems everything is copied.
 */
final class TreeCopy {

    private static final Set<String> CLONING = Set.of("btrfs", "bcachefs");
    private static final int BATCH = 256;

    private final int threads;

    TreeCopy(int threads) {
        this.threads = threads;
    }

    /**
     * Copy a tree.
     *
     * @param target made if absent
     * @throws InterruptedException when interrupted; the target is then incomplete
     */
    void of(FileTree tree, Path target) throws IOException, InterruptedException {
        Files.createDirectories(target);
        for (Path folder : tree.folders()) {
            Files.createDirectories(target.resolve(folder));
        }
        AtomicBoolean linking =
                new AtomicBoolean(!CLONING.contains(Files.getFileStore(target).type()));
        List<Future<?>> batches = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("environment-copy-", 0).factory())) {
            for (int from = 0; from < tree.entries().size(); from += BATCH) {
                List<Entry> batch = tree.entries()
                        .subList(from, Math.min(from + BATCH, tree.entries().size()));
                batches.add(workers.submit(() -> copy(batch, tree.root(), target, linking)));
            }
            await(batches, workers);
        }
    }

    private static void await(List<Future<?>> batches, ExecutorService workers)
            throws IOException, InterruptedException {
        try {
            for (Future<?> batch : batches) {
                batch.get();
            }
        } catch (ExecutionException e) {
            workers.shutdownNow();
            if (e.getCause() instanceof UncheckedIOException wrapped) {
                throw wrapped.getCause();
            }
            throw new IllegalStateException("copying failed", e.getCause());
        } catch (InterruptedException e) {
            workers.shutdownNow();
            throw e;
        }
    }

    private static void copy(List<Entry> batch, Path from, Path to, AtomicBoolean linking) {
        for (Entry entry : batch) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            try {
                copy(entry, from.resolve(entry.path()), to.resolve(entry.path()), linking);
            } catch (NoSuchFileException e) {
                if (!entry.compiled()) { // compiled modules come and go while somebody imports them
                    throw new UncheckedIOException(e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void copy(Entry entry, Path from, Path to, AtomicBoolean linking) throws IOException {
        if (linking.get() && shareable(entry)) {
            try {
                Files.createLink(to, from);
                return;
            } catch (NoSuchFileException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                linking.set(false); // another file system, or one without links, or too many links to one file
            }
        }
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean shareable(Entry entry) {
        String name = entry.path().getFileName().toString();
        return !entry.link()
                && (name.endsWith(".pyc") || name.endsWith(".so") || name.contains(".so.") || name.endsWith(".a"));
    }
}
