// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.plugin.vcsgit.PatchReader.Hunk;

/**
 * Finds the files of a patch whose lines are not UTF-8. A task's diff is a text, so these files must be stored as
 * binary ones.
 */
final class NonUtf8Files implements PatchReader.Parts {

    private final Set<String> files = new LinkedHashSet<>();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private Optional<String> current = Optional.empty();

    private NonUtf8Files() {}

    static Set<String> in(Path patch) throws IOException {
        NonUtf8Files found = new NonUtf8Files();
        new PatchReader(patch).read(found);
        return found.files;
    }

    @Override
    public void header(FileHeader header) {
        current = header.source().or(header::target);
        rest = ByteBuffer.allocate(0);
        decoder.reset();
    }

    @Override
    public void hunk(Hunk hunk, String line) {
        decode(line);
    }

    @Override
    public void content(String piece, boolean begins) {
        decode(piece);
    }

    @Override
    public void other(String piece) {}

    private void decode(String piece) {
        if (current.isEmpty() || files.contains(current.get())) {
            return;
        }
        byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer input = ByteBuffer.allocate(rest.remaining() + bytes.length)
                .put(rest)
                .put(bytes)
                .flip();
        boolean malformed = decoder.decode(input, CharBuffer.allocate(input.remaining() + 1), false)
                .isError();
        rest = input; // a character that goes on in the next piece
        if (malformed) {
            files.add(current.get());
        }
    }
}
