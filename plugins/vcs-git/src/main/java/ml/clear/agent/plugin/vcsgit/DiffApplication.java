// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;

/**
 * Applies a diff with {@code git apply}, which changes all files or none. Diffs come from many programs and through
 * web pages, so these are corrected first: colours, names without prefix, a last line that lost its end, lines added
 * to a file that the commit lacks (as the SDK does for {@code requirements.txt}), and carriage returns that were lost
 * on the way.
 */
final class DiffApplication {

    private static final Map<String, String> PLAIN = Map.of(
            "apply.whitespace", "nowarn",
            "apply.ignoreWhitespace", "no");

    private final GitProgram git;
    private final Map<String, String> filters;
    private final Path root;
    private final Console console;

    DiffApplication(GitProgram git, Map<String, String> filters, Path root, Console console) {
        this.git = git;
        this.filters = filters;
        this.root = root;
        this.console = console;
    }

    void apply(Path diff) throws IOException, InterruptedException {
        PatchReader reader = new PatchReader(diff);
        PatchSurvey survey = PatchSurvey.of(reader, root);
        if (survey.isMereAnnouncement()) {
            console.line("the uncommitted changes are new files in submodules, whose content the diff does not hold");
            return;
        }
        SubmoduleMoves moves = new SubmoduleMoves(git, root, survey.submodules());
        moves.check();
        report(reader, survey);
        Path copy = besideHistory();
        try {
            Path patch = needsRewriting(reader, survey) ? copy : diff;
            if (patch.equals(copy)) {
                PatchRewriting.write(reader, survey, root, false, copy);
            }
            if (!run(patch).succeeded() && !appliedWithReturns(reader, survey, copy)) {
                throw new DiffFailure(root, console).of(check(patch), patch);
            }
        } finally {
            Files.deleteIfExists(copy);
        }
        moves.move();
    }

    private void report(PatchReader reader, PatchSurvey survey) {
        if (reader.isColoured()) {
            console.line("the diff has the colours of a terminal, which are left out");
        }
        survey.added()
                .forEach(file -> console.line(
                        "the diff adds lines to '" + file + "', which this commit does not have; the file is made"));
    }

    private static boolean needsRewriting(PatchReader reader, PatchSurvey survey) {
        for (int file = 0; file < survey.files(); file++) {
            if (survey.isAddition(file) || survey.lacksPrefix(file)) {
                return true;
            }
        }
        return reader.isColoured() || !survey.endsWithNewline();
    }

    /** Some editors and web pages convert the line ends of a whole patch. */
    private boolean appliedWithReturns(PatchReader reader, PatchSurvey survey, Path copy)
            throws IOException, InterruptedException {
        if (survey.hasReturns()) {
            return false;
        }
        Path restored = copy.resolveSibling(copy.getFileName() + "-returns");
        try {
            PatchRewriting.write(reader, survey, root, true, restored);
            return run(restored).succeeded();
        } finally {
            Files.deleteIfExists(restored);
        }
    }

    private CommandResult run(Path patch) throws InterruptedException {
        return git.attempt(command(patch));
    }

    private CommandResult check(Path patch) throws InterruptedException {
        return git.attempt(command(patch, "--check", "--verbose"));
    }

    private GitCommand command(Path patch, String... more) {
        // diffs without context are common: git diff -U0, and what the SDK adds
        return GitCommand.in(root, "apply", "--unidiff-zero")
                .arguments(more)
                .arguments(patch.toString())
                .with(PLAIN)
                .with(filters);
    }

    /** A folder that tasks do not use. */
    private Path besideHistory() {
        Path history = root.resolve(".git");
        return Optional.of(history)
                .filter(Files::isDirectory)
                .orElse(root)
                .resolve("uncommitted-" + UUID.randomUUID() + ".diff");
    }
}
