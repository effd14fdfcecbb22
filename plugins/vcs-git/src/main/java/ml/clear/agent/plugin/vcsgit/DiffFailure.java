// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.Console;

/** Explains why git did not apply a diff: the file, the line, the expected lines of the hunk and the actual ones. */
final class DiffFailure {

    private static final Pattern HUNK = Pattern.compile("error: patch failed: (.*):(\\d+)");
    private static final Pattern ABSENT = Pattern.compile("error: (.*): No such file or directory");
    private static final Pattern EXISTS = Pattern.compile("error: (.*): already exists in working directory");
    private static final Pattern BINARY =
            Pattern.compile("error: cannot apply binary patch to '(.*)' without full index line");
    private static final Pattern CORRUPT = Pattern.compile("error: corrupt patch at line (\\d+)");
    private static final String SEARCHED = "error: while searching for:";
    private static final int SHOWN = 12;

    private final Path root;
    private final Console console;

    DiffFailure(Path root, Console console) {
        this.root = root;
        this.console = console;
    }

    /**
     * The exception to throw; the expected and the actual lines are printed to the console.
     *
     * @param checked the result of a verbose check
     * @param patch what was checked
     */
    AgentException of(CommandResult checked, Path patch) {
        List<String> lines = checked.errors().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Optional<String> why = explained(lines, i, patch);
            if (why.isPresent()) {
                return refused(why.get());
            }
        }
        return refused(lines.stream()
                .filter(line -> line.startsWith("error: ") || line.startsWith("fatal: "))
                .map(line -> line.substring("error: ".length()))
                .findFirst()
                .orElse("git ended with exit code " + checked.exitCode()));
    }

    static AgentException refused(String why) {
        return new AgentException(
                ErrorCode.DIFF_NOT_APPLICABLE, "the uncommitted changes of the task cannot be applied: " + why);
    }

    private Optional<String> explained(List<String> lines, int index, Path patch) {
        String line = lines.get(index);
        Matcher hunk = HUNK.matcher(line);
        if (hunk.matches()) {
            String file = hunk.group(1);
            long number = Long.parseLong(hunk.group(2));
            show(file, number, searched(lines, index));
            return Optional.of("the hunk at line " + number + " of '" + file
                    + "' does not fit this commit; record the changes against the commit that the task names");
        }
        Matcher absent = ABSENT.matcher(line);
        if (absent.matches()) {
            return Optional.of("it changes '" + absent.group(1) + "', which this commit does not have");
        }
        Matcher exists = EXISTS.matcher(line);
        if (exists.matches()) {
            return Optional.of("it makes '" + exists.group(1) + "', which this commit has already");
        }
        Matcher binary = BINARY.matcher(line);
        if (binary.matches()) {
            return Optional.of("'" + binary.group(1) + "' is binary, and the diff does not hold its content; commit the"
                    + " file, or make the diff with git diff --binary");
        }
        Matcher corrupt = CORRUPT.matcher(line);
        if (corrupt.matches()) {
            long number = Long.parseLong(corrupt.group(1));
            return Optional.of(
                    "line " + number + " of the diff is not part of any hunk: '" + lineOf(patch, number) + "'");
        }
        return line.startsWith("error: No valid patches") || line.startsWith("error: unrecognized input")
                ? Optional.of("it names no file that it changes")
                : Optional.empty();
    }

    private static List<String> searched(List<String> lines, int end) {
        List<String> found = new ArrayList<>();
        int start = end - 1;
        while (start >= 0 && !lines.get(start).equals(SEARCHED)) {
            start--;
        }
        if (start >= 0) {
            found.addAll(lines.subList(start + 1, end));
        }
        while (!found.isEmpty() && found.getLast().isEmpty()) {
            found.removeLast();
        }
        return found;
    }

    private void show(String file, long number, List<String> searched) {
        console.line("the hunk at line " + number + " of '" + file + "' looks for");
        searched.stream().limit(SHOWN).forEach(line -> console.line("    | " + line));
        if (searched.size() > SHOWN) {
            console.line("    | ... (" + (searched.size() - SHOWN) + " more lines)");
        }
        console.line("and the file has from line " + number + " on");
        linesOf(file, number, Math.clamp(searched.size(), 1, SHOWN)).forEach(line -> console.line("    | " + line));
    }

    private List<String> linesOf(String file, long first, int count) {
        try (Stream<String> lines = Files.lines(root.resolve(file), StandardCharsets.ISO_8859_1)) {
            return lines.skip(Math.max(0, first - 1))
                    .limit(count)
                    .map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                    .toList();
        } catch (IOException | InvalidPathException e) {
            return List.of("(" + CheckoutFailure.reason(e) + ")");
        }
    }

    private static String lineOf(Path patch, long number) {
        try (Stream<String> lines = Files.lines(patch, StandardCharsets.ISO_8859_1)) {
            return lines.skip(Math.max(0, number - 1)).findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
