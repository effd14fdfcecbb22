// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ml.clear.agent.api.vcs.SnapshotRequest;

/**
 * The files of a folder that git would track, relative to the folder.
 *
 * @param kept what is kept, in the order of the paths
 * @param tooLarge what is left out because of the limit
 * @param ignored what the rules of the folder ignore, and what is no file: folders with repositories of their own
 */
record FolderFiles(List<Path> kept, List<Path> tooLarge, List<Path> ignored) {

    private static final String ENVIRONMENT = "pyvenv.cfg";

    FolderFiles {
        kept = List.copyOf(kept);
        tooLarge = List.copyOf(tooLarge);
        ignored = List.copyOf(ignored);
    }

    /**
     * Find them.
     *
     * @param repository the repository whose ignore rules apply if the folder has none
     */
    static FolderFiles of(GitProgram git, SnapshotRequest request, Path repository)
            throws IOException, InterruptedException {
        Listing listing = new Listing(git, request.folder(), repository);
        Set<Path> found = new LinkedHashSet<>(listing.paths("--cached", "--others", "--exclude-standard"));
        Set<Path> ignored = new LinkedHashSet<>(
                listing.paths("--others", "--ignored", "--exclude-per-directory=.gitignore", "--directory"));
        Path script = request.folder().relativize(request.script());
        found.add(script);
        Set<Path> environments = environments(found);
        environments.removeIf(script::startsWith);
        ignored.addAll(environments);
        found.removeIf(file -> environments.stream().anyMatch(file::startsWith));
        ignored.addAll(foldersAmong(request.folder(), found));
        ignored.remove(script);
        return within(request, found, script, List.copyOf(ignored));
    }

    private static FolderFiles within(SnapshotRequest request, Set<Path> found, Path script, List<Path> ignored) {
        List<Path> bySize = found.stream()
                .sorted(Comparator.comparing((Path file) -> !file.equals(script))
                        .thenComparing(file -> size(request.folder().resolve(file)))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        List<Path> kept = new ArrayList<>();
        List<Path> tooLarge = new ArrayList<>();
        long bytes = 0;
        for (Path file : bySize) {
            bytes += size(request.folder().resolve(file));
            (bytes <= request.limit() || file.equals(script) ? kept : tooLarge).add(file);
        }
        kept.sort(Comparator.naturalOrder());
        return new FolderFiles(kept, tooLarge, ignored);
    }

    /** Folders of virtual environments, which work only at this path. */
    private static Set<Path> environments(Set<Path> files) {
        Set<Path> environments = new LinkedHashSet<>();
        for (Path file : files) {
            if (file.endsWith(ENVIRONMENT) && file.getParent() != null) {
                environments.add(file.getParent());
            }
        }
        return environments;
    }

    /** Removes missing files and nested repositories from the list. */
    private static List<Path> foldersAmong(Path folder, Set<Path> files) {
        List<Path> folders = files.stream()
                .filter(file -> Files.isDirectory(folder.resolve(file), LinkOption.NOFOLLOW_LINKS))
                .toList();
        files.removeIf(file -> !Files.isRegularFile(folder.resolve(file), LinkOption.NOFOLLOW_LINKS)
                && !Files.isSymbolicLink(folder.resolve(file)));
        return folders;
    }

    private static long size(Path file) {
        try {
            return (long) Files.getAttribute(file, "size", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return 0; // deleted meanwhile
        }
    }

    /** What {@code git ls-files} lists; through a file, since there may be many. */
    private record Listing(GitProgram git, Path folder, Path repository) {

        List<Path> paths(String... options) throws IOException, InterruptedException {
            boolean own = Files.exists(folder.resolve(".git"));
            Map<String, String> variables = own
                    ? Map.of()
                    : Map.of(
                            "GIT_DIR", repository.toString(),
                            "GIT_WORK_TREE", folder.toString(),
                            "GIT_INDEX_FILE", repository.resolve("no-index").toString());
            List<String> arguments = new ArrayList<>(List.of("ls-files", "-z"));
            arguments.addAll(List.of(options));
            List<Path> paths = new ArrayList<>();
            for (String name : git.names(GitCommand.in(folder, arguments).variables(variables))) {
                add(paths, name);
            }
            return paths;
        }

        private static void add(List<Path> paths, String name) {
            try {
                paths.add(Path.of(name));
            } catch (InvalidPathException e) {
                return; // a name that this machine's encoding cannot express
            }
        }
    }
}
