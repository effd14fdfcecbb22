// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.plugin.vcsgit.PatchReader.Hunk;

/** The properties of a patch that require corrections before git can apply it. */
final class PatchSurvey implements PatchReader.Parts {

    private static final Pattern SUBMODULE = Pattern.compile("\\+Subproject commit ([0-9a-f]{40,64})\\s*");

    private final Path root;
    private final Set<Integer> additions = new HashSet<>();
    private final Set<Integer> unprefixed = new HashSet<>();
    private final Map<String, String> submodules = new LinkedHashMap<>();
    private final List<String> added = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private boolean hasReturns;
    private boolean endsWithNewline = true;
    private boolean announcesSubmodules;
    private int files;

    private Optional<FileHeader> current = Optional.empty();
    private boolean onlyInserts;
    private boolean hasHunks;

    private PatchSurvey(Path root) {
        this.root = root;
    }

    static PatchSurvey of(PatchReader reader, Path root) throws IOException {
        PatchSurvey survey = new PatchSurvey(root);
        reader.read(survey);
        survey.finishFile();
        return survey;
    }

    /** How many files it changes. */
    int files() {
        return files;
    }

    /** Whether the file with this number, counted from 0, is absent and has lines added only. */
    boolean isAddition(int file) {
        return additions.contains(file);
    }

    boolean lacksPrefix(int file) {
        return unprefixed.contains(file);
    }

    /** The files that are created although the patch expects them to exist. */
    List<String> added() {
        return List.copyOf(added);
    }

    /** The commits that submodules are moved to, by path. */
    Map<String, String> submodules() {
        return submodules;
    }

    /** Whether any line of a hunk ends with a carriage return. */
    boolean hasReturns() {
        return hasReturns;
    }

    boolean endsWithNewline() {
        return endsWithNewline;
    }

    /** Whether the patch contains only notes about submodules: new files in them, which no patch contains. */
    boolean isMereAnnouncement() {
        return files == 0 && announcesSubmodules;
    }

    @Override
    public void header(FileHeader header) {
        finishFile();
        current = Optional.of(header);
        onlyInserts = true;
        hasHunks = false;
        if (header.lacksPrefix()) {
            unprefixed.add(files);
        }
    }

    @Override
    public void hunk(Hunk hunk, String line) {
        hasHunks = true;
        onlyInserts &= hunk.oldLines() == 0 && hunk.oldStart() <= 1;
        endsWithNewline = line.endsWith("\n");
    }

    @Override
    public void content(String piece, boolean begins) {
        hasReturns |= piece.endsWith("\r\n");
        endsWithNewline = piece.endsWith("\n");
        if (begins && current.filter(FileHeader::isSubmodule).isPresent()) {
            Matcher move = SUBMODULE.matcher(piece);
            if (move.matches()) {
                current.flatMap(FileHeader::target).ifPresent(path -> submodules.put(path, move.group(1)));
            }
        }
    }

    @Override
    public void other(String piece) {
        announcesSubmodules |= piece.startsWith("Submodule ");
        endsWithNewline = piece.endsWith("\n");
    }

    private void finishFile() {
        if (current.isEmpty()) {
            return;
        }
        FileHeader header = current.get();
        current = Optional.empty();
        header.changed().filter(path -> !known.contains(path) && isAbsent(path)).ifPresent(path -> {
            if (hasHunks && onlyInserts) {
                additions.add(files);
                added.add(path);
            }
        });
        header.target().ifPresent(known::add);
        files++;
    }

    private boolean isAbsent(String path) {
        try {
            return !Files.exists(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
