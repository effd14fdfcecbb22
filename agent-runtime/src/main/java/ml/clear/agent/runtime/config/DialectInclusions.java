// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites the inclusions of other files in a text of the dialect: their paths become absolute. */
final class DialectInclusions {

    private static final Pattern INCLUDE = Pattern.compile(
            "include[ \\t]+(required[ \\t]*\\([ \\t]*)?(?:(url|file|package|classpath)[ \\t]*\\([ \\t]*)?\"([^\"\\n]*)\"[ \\t]*(\\)?)[ \\t]*(\\)?)");

    private final DialectCursor cursor;
    private final Path folder;

    /** @param folder where relative paths start */
    DialectInclusions(DialectCursor cursor, Path folder) {
        this.cursor = cursor;
        this.folder = folder;
    }

    /** Rewrites the inclusion at the cursor; false when there is none. */
    boolean rewrite() {
        Matcher matcher = INCLUDE.matcher(cursor.text).region(cursor.at, cursor.text.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        String name = matcher.group(3);
        boolean address = "url".equals(matcher.group(2)) || name.contains("://");
        if ((address && !name.startsWith("file:")) || "package".equals(matcher.group(2))) {
            throw cursor.syntax("only files can be included, not '" + name + "'");
        }
        try {
            Path file = folder.resolve(address ? name.replaceFirst("^file:(//)?", "") : name);
            cursor.out.append(matcher.group(1) == null ? "include file(" : "include required(file(");
            Json.quoteStrictly(file.toAbsolutePath().normalize().toString(), cursor.out);
            cursor.out.append(matcher.group(1) == null ? ")" : "))");
        } catch (InvalidPathException e) {
            throw cursor.syntax("'" + name + "' names no file");
        }
        cursor.at = matcher.end();
        return true;
    }
}
