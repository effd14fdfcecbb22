// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The texts of the files that a configuration was read from, so that the same configuration can be read again after the files
 * have changed. They hold secrets. Immutable; used from several threads.
 */
public final class SourceTexts {

    private static final String SUFFIX = ".conf";

    /** A hundred times the longest real one; every process of the agent must be able to read it, also a small one. */
    private static final long MOST_BYTES = 2L << 20;

    private final Map<Path, String> texts;
    private final Map<Path, List<Path>> folders;

    private SourceTexts(Map<Path, String> texts, Map<Path, List<Path>> folders) {
        this.texts = Map.copyOf(texts);
        this.folders = Map.copyOf(folders);
    }

    /** Where a loader reads: the disk, or texts that were read before. */
    interface Reader {

        /** The text of a file; {@link NoSuchFileException} when there is none. */
        String read(Path file) throws IOException;

        /** Whether the file exists and is no folder. */
        boolean isFile(Path file);

        /** Whether it is a folder. */
        boolean isFolder(Path folder);

        /** The configuration files below a folder, sorted. */
        List<Path> below(Path folder) throws IOException;

        /** All that was read so far. */
        SourceTexts soFar();
    }

    static Reader onDisk() {
        return new Disk();
    }

    Reader again() {
        return new Recorded(this);
    }

    /** The files that were read. */
    Set<Path> files() {
        return texts.keySet();
    }

    /** For a file of this user's own; {@link #of} reads it. */
    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(texts.size());
            for (Map.Entry<Path, String> text : texts.entrySet()) {
                write(text.getKey().toString(), out);
                write(text.getValue(), out);
            }
            out.writeInt(folders.size());
            for (Map.Entry<Path, List<Path>> folder : folders.entrySet()) {
                write(folder.getKey().toString(), out);
                out.writeInt(folder.getValue().size());
                for (Path file : folder.getValue()) {
                    write(file.toString(), out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * What {@link #bytes} wrote.
     *
     * @throws IOException when these are other bytes
     */
    public static SourceTexts of(byte[] bytes) throws IOException {
        Map<Path, String> texts = new TreeMap<>();
        Map<Path, List<Path>> folders = new TreeMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            for (int left = in.readInt(); left > 0; left--) {
                texts.put(Path.of(read(in)), read(in));
            }
            for (int left = in.readInt(); left > 0; left--) {
                Path folder = Path.of(read(in));
                List<Path> files = new ArrayList<>();
                for (int more = in.readInt(); more > 0; more--) {
                    files.add(Path.of(read(in)));
                }
                folders.put(folder, List.copyOf(files));
            }
        }
        return new SourceTexts(texts, folders);
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the end is missing");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceTexts that && texts.equals(that.texts) && folders.equals(that.folders);
    }

    @Override
    public int hashCode() {
        return 31 * texts.hashCode() + folders.hashCode();
    }

    private static final class Disk implements Reader {

        private final Map<Path, String> texts = new TreeMap<>();
        private final Map<Path, List<Path>> folders = new TreeMap<>();

        @Override
        public String read(Path file) throws IOException {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MiB, so it is no configuration");
            }
            String text = Files.readString(file);
            texts.put(file.toAbsolutePath(), text);
            return text;
        }

        @Override
        public boolean isFile(Path file) {
            return Files.isRegularFile(file);
        }

        @Override
        public boolean isFolder(Path folder) {
            return Files.isDirectory(folder);
        }

        @Override
        public List<Path> below(Path folder) throws IOException {
            try (Stream<Path> below = Files.walk(folder)) {
                List<Path> files = below.filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                        .sorted()
                        .toList();
                folders.put(folder.toAbsolutePath(), files);
                return files;
            }
        }

        @Override
        public SourceTexts soFar() {
            return new SourceTexts(texts, folders);
        }
    }

    private record Recorded(SourceTexts recorded) implements Reader {

        @Override
        public String read(Path file) throws IOException {
            String text = recorded.texts.get(file.toAbsolutePath());
            if (text == null) {
                throw new NoSuchFileException(file.toString());
            }
            return text;
        }

        @Override
        public boolean isFile(Path file) {
            return recorded.texts.containsKey(file.toAbsolutePath());
        }

        @Override
        public boolean isFolder(Path folder) {
            return recorded.folders.containsKey(folder.toAbsolutePath());
        }

        @Override
        public List<Path> below(Path folder) {
            return recorded.folders.getOrDefault(folder.toAbsolutePath(), List.of());
        }

        @Override
        public SourceTexts soFar() {
            return recorded;
        }
    }
}
