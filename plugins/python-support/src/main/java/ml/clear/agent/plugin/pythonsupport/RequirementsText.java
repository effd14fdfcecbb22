// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * Decodes a requirements file as pip does: by its byte order mark, else by the encoding that a comment in its first two lines
 * names (PEP 263), else as UTF-8.
 */
final class RequirementsText {

    /** Longer marks first: the one of UTF-32 begins with the one of UTF-16. */
    private static final Map<String, Charset> MARKS = new LinkedHashMap<>();

    private static final Pattern NAMED = Pattern.compile("coding[:=]\\s*([-\\w.]+)");

    static {
        MARKS.put("0000feff", Charset.forName("UTF-32BE"));
        MARKS.put("fffe0000", Charset.forName("UTF-32LE"));
        MARKS.put("efbbbf", StandardCharsets.UTF_8);
        MARKS.put("feff", StandardCharsets.UTF_16BE);
        MARKS.put("fffe", StandardCharsets.UTF_16LE);
    }

    private RequirementsText() {}

    /**
     * The lines of a file.
     *
     * @param origin the name of the file in messages
     * @throws AgentException {@code TASK_INVALID} when its bytes are not text of its encoding
     */
    static List<String> lines(Path file, String origin) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String hex = HexFormat.of().formatHex(bytes, 0, Math.min(4, bytes.length));
        for (Map.Entry<String, Charset> mark : MARKS.entrySet()) {
            if (hex.startsWith(mark.getKey())) {
                int length = mark.getKey().length() / 2;
                return decoded(Arrays.copyOfRange(bytes, length, bytes.length), mark.getValue(), origin);
            }
        }
        return decoded(bytes, named(bytes, origin).orElse(StandardCharsets.UTF_8), origin);
    }

    private static Optional<Charset> named(byte[] bytes, String origin) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .lines()
                .limit(2)
                .filter(line -> line.startsWith("#"))
                .map(NAMED::matcher)
                .filter(Matcher::find)
                .map(named -> charset(named.group(1), origin))
                .findFirst();
    }

    private static Charset charset(String name, String origin) {
        try {
            return Charset.forName(name.equals("latin-1") ? "ISO-8859-1" : name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "requirements file '" + origin + "' names the unknown encoding '" + name + "'; save it as UTF-8",
                    e);
        }
    }

    private static List<String> decoded(byte[] bytes, Charset charset, String origin) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .lines()
                    .toList();
        } catch (CharacterCodingException e) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "requirements file '" + origin + "' is not " + charset + " text; save it as UTF-8, or name its "
                            + "encoding in the first line, such as '# -*- coding: latin-1 -*-'",
                    e);
        }
    }
}
