// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.tool;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Links compiled modules from one copy of a package to another. Where links are not possible, the other copy stays as it is: its
 * modules are then compiled when they are imported.
 */
final class CompiledModules {

    private static final System.Logger LOG = System.getLogger(CompiledModules.class.getName());

    private CompiledModules() {}

    /** Link the modules that the target does not have. Their sources must be the same files, or links to the same. */
    static void link(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path compiled : (Iterable<Path>) files.filter(CompiledModules::compiled)::iterator) {
                Path target = to.resolve(from.relativize(compiled));
                if (sameSource(compiled, target)) {
                    create(target, compiled);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(DEBUG, "cannot keep the compiled modules of ''{0}'' in ''{1}'': {2}", from, to, e.getMessage());
        }
    }

    /** Named as their interpreter names them in the end; a name with more behind it is a file that is being written. */
    private static boolean compiled(Path file) {
        return file.toString().endsWith(".pyc") && folder(file).endsWith("__pycache__");
    }

    private static boolean sameSource(Path compiled, Path target) throws IOException {
        String name = compiled.getFileName().toString();
        String source = name.substring(0, name.indexOf('.')) + ".py";
        Path ours = folder(compiled).resolveSibling(source);
        Path theirs = folder(target).resolveSibling(source);
        return Files.exists(ours) && Files.exists(theirs) && Files.isSameFile(ours, theirs);
    }

    private static void create(Path target, Path compiled) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        try {
            if (Files.notExists(folder(target))) {
                Files.createDirectory(folder(target)); // never its parents: a deleted seed must not reappear
            }
            Files.createLink(target, compiled);
        } catch (FileAlreadyExistsException e) {
            LOG.log(DEBUG, "''{0}'' exists already", target);
        } catch (UnsupportedOperationException e) {
            throw new IOException(e);
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent());
    }
}
