// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.page;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A static file of the page. Its content stays in the jar, as the plotting library alone has eleven megabytes.
 *
 * @param name its path below the site
 * @param type its content type
 * @param length its size in bytes
 * @param tag changes with its content
 */
record SiteFile(String name, String type, long length, String tag) {

    private static final String ROOT = "site/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*(/[A-Za-z0-9][A-Za-z0-9.-]*)*");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final Map<String, SiteFile> KNOWN = new ConcurrentHashMap<>();

    /** The file of this name; empty when there is none that browsers may load. */
    static Optional<SiteFile> find(String name) throws IOException {
        SiteFile known = KNOWN.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream content = SiteFile.class.getResourceAsStream(ROOT + name)) {
            if (content == null) {
                return Optional.empty();
            }
            CRC32 sum = new CRC32();
            long length = 0;
            byte[] buffer = new byte[1 << 16];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                sum.update(buffer, 0, read);
                length += read;
            }
            SiteFile file =
                    new SiteFile(name, type, length, "\"" + Long.toHexString(sum.getValue()) + "-" + length + "\"");
            KNOWN.put(name, file);
            return Optional.of(file);
        }
    }

    /** The content, to be closed by the caller. */
    InputStream open() throws IOException {
        InputStream content = SiteFile.class.getResourceAsStream(ROOT + name);
        if (content == null) {
            throw new IOException("the file '" + name + "' of the page is gone");
        }
        return content;
    }
}
