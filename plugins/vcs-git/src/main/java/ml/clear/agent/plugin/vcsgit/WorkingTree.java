// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * A working copy made from a mirror: with a history of its own, whose packs are hard links to the mirror's. So it costs no
 * space, and neither tidying nor deleting the mirror harms it. Where hard links are impossible (another file system), it
 * borrows the mirror's objects as {@code git clone --shared} does; mirrors never drop objects.
 */
final class WorkingTree implements AutoCloseable {

    private final Repository repository;

    private WorkingTree(Repository repository) {
        this.repository = repository;
    }

    /** Make the history of a working copy; under the mirror's lock. No file is checked out yet. */
    static WorkingTree create(Path target, Mirror mirror, String origin) throws IOException {
        Path gitFolder = target.resolve(Constants.DOT_GIT);
        Repository repository = new FileRepositoryBuilder()
                .setGitDir(gitFolder.toFile())
                .setWorkTree(target.toFile())
                .build();
        try {
            repository.create();
            shareObjects(mirror.folder(), gitFolder);
            StoredConfig config = repository.getConfig();
            config.setString("remote", "origin", "url", origin);
            config.setString("remote", "origin", "fetch", "+refs/heads/*:refs/remotes/origin/*");
            config.setString("core", null, "autocrlf", "false");
            config.save();
            writeRefs(mirror.repository(), gitFolder.resolve("packed-refs"));
            repository.getRefDatabase().refresh();
            return new WorkingTree(repository);
        } catch (IOException | RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    /** One that was made before. */
    static WorkingTree open(Path folder) throws IOException {
        return new WorkingTree(new FileRepositoryBuilder()
                .setGitDir(folder.resolve(Constants.DOT_GIT).toFile())
                .setWorkTree(folder.toFile())
                .setMustExist(true)
                .build());
    }

    Repository repository() {
        return repository;
    }

    /** Let HEAD point at a commit, on no branch. */
    void detach(ObjectId commit) throws IOException {
        RefUpdate head = repository.updateRef(Constants.HEAD, true);
        head.setNewObjectId(commit);
        head.disableRefLog();
        head.forceUpdate();
    }

    /** Write the files of a commit. */
    void checkOut(ObjectId commit, ProgressMonitor progress) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            DirCacheCheckout checkout = new DirCacheCheckout(
                    repository,
                    null,
                    repository.lockDirCache(),
                    walk.parseCommit(commit).getTree());
            checkout.setFailOnConflict(false);
            checkout.setProgressMonitor(progress);
            checkout.checkout();
        }
    }

    private static void shareObjects(Path mirror, Path gitFolder) throws IOException {
        Path objects = mirror.resolve("objects");
        try {
            linkAll(objects, gitFolder.resolve("objects"));
        } catch (FileSystemException | UnsupportedOperationException e) {
            if (e instanceof NoSuchFileException) {
                throw e;
            }
            Path alternates = gitFolder.resolve("objects").resolve("info").resolve("alternates");
            Files.createDirectories(alternates.getParent());
            Files.writeString(alternates, objects.toAbsolutePath() + "\n");
        }
    }

    private static void linkAll(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            // an index is seen only after its pack, should anyone look while we link
            files = walk.filter(Files::isRegularFile)
                    .filter(file -> !isUnfinished(file))
                    .sorted(Comparator.comparing((Path file) -> file.toString().endsWith(".idx")))
                    .toList();
        }
        for (Path file : files) {
            Path link = to.resolve(from.relativize(file).toString());
            Files.createDirectories(link.getParent());
            if (!Files.exists(link)) {
                Files.createLink(link, file);
            }
        }
    }

    private static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("incoming_") || name.startsWith("noz") || name.endsWith(".tmp");
    }

    private static void writeRefs(Repository mirror, Path file) throws IOException {
        StringBuilder lines = new StringBuilder("# pack-refs with: peeled fully-peeled sorted \n");
        List<Ref> refs = Stream.concat(
                        mirror.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream(),
                        mirror.getRefDatabase().getRefsByPrefix(Constants.R_TAGS).stream())
                .sorted(Comparator.comparing(WorkingTree::nameInCopy))
                .toList();
        for (Ref ref : refs) {
            if (ref.getObjectId() == null) {
                continue;
            }
            Ref peeled = mirror.getRefDatabase().peel(ref);
            lines.append(ref.getObjectId().name())
                    .append(' ')
                    .append(nameInCopy(ref))
                    .append('\n');
            if (peeled.getPeeledObjectId() != null) {
                lines.append('^').append(peeled.getPeeledObjectId().name()).append('\n');
            }
        }
        Files.writeString(file, lines);
    }

    private static String nameInCopy(Ref ref) {
        return ref.getName().startsWith(Constants.R_HEADS)
                ? "refs/remotes/origin/" + ref.getName().substring(Constants.R_HEADS.length())
                : ref.getName();
    }

    @Override
    public void close() {
        repository.close();
    }
}
