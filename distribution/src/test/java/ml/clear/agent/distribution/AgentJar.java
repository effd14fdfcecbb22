// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A jar whose entries are stored without compression, so that a text in it can change and the size stays. */
record AgentJar(Path file) {

    void store() throws IOException {
        replaceText("", "");
    }

    /** Replaces the file by one in which a text is another one of equal length. */
    void replaceText(String before, String after) throws IOException {
        assertThat(after).hasSameSizeAs(before);
        var bytes = new ByteArrayOutputStream();
        try (var in = new ZipInputStream(Files.newInputStream(file));
                var out = new ZipOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                byte[] changed = content.replace(before, after).getBytes(StandardCharsets.ISO_8859_1);
                out.putNextEntry(stored(entry.getName(), changed));
                out.write(changed);
            }
        }
        Files.delete(file);
        Files.write(file, bytes.toByteArray());
    }

    private static ZipEntry stored(String name, byte[] content) {
        var entry = new ZipEntry(name);
        var checksum = new CRC32();
        checksum.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTime(0);
        return entry;
    }
}
