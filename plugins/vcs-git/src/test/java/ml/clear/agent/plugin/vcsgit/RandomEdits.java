// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes the files of a repository at random and lets git make diffs of that, in the forms that users configure. */
final class RandomEdits {

    private static final List<List<String>> FORMS = List.of(
            List.of(),
            List.of("-c", "diff.noprefix=true"),
            List.of("-c", "diff.mnemonicPrefix=true"),
            List.of("-c", "diff.renames=copies"),
            List.of("-c", "diff.context=0"),
            List.of("-c", "core.quotePath=false"));

    private final Git git;
    private final Random random;

    RandomEdits(Git git, Random random) {
        this.git = git;
        this.random = random;
    }

    /** Commit files of all kinds. */
    void prepare() throws IOException, InterruptedException {
        for (int i = 0; i < 8; i++) {
            git.write("dir" + i % 3 + "/file " + i + ".txt", lines(i, 40));
            git.write("dir" + i % 3 + "/same name.txt", lines(99, 20));
        }
        git.write("same name.txt", lines(99, 20));
        Files.write(git.folder().resolve("data.bin"), bytes(5000));
        Files.write(git.folder().resolve("latin.txt"), "caf\u00e9\nb\n".getBytes(StandardCharsets.ISO_8859_1));
        git.write("crlf.txt", "one\r\ntwo\r\nthree\r\n").write("mixed.txt", "one\r\ntwo\nthree\r\n");
        git.write("noend.txt", "no newline").write("ünï \"q\".txt", "x\n").write("empty", "");
        Files.createSymbolicLink(git.folder().resolve("link"), Path.of("noend.txt"));
        git.commit();
    }

    /** Change some files; returns a diff of the changes. */
    byte[] diff() throws IOException, InterruptedException {
        edit();
        git.run("add", "--all", "--intent-to-add");
        List<String> arguments = new ArrayList<>(FORMS.get(random.nextInt(FORMS.size())));
        arguments.addAll(List.of("diff", "--binary", "HEAD"));
        return git.bytes(arguments.toArray(String[]::new));
    }

    /** The modes, contents and names of all files, and nothing else. */
    String state() throws IOException, InterruptedException {
        git.run("add", "--all");
        return git.run("ls-files", "--stage");
    }

    private void edit() throws IOException, InterruptedException {
        List<String> files = List.of(git.run("ls-files", "-z").split("\0"));
        int edits = 1 + random.nextInt(8);
        for (int i = 0; i < edits; i++) {
            Path file = git.folder().resolve(files.get(random.nextInt(files.size())));
            switch (random.nextInt(10)) {
                case 0 -> Files.deleteIfExists(file);
                case 1 -> git.write("new/deep " + i + ".txt", lines(i, 3));
                case 2 -> Files.write(git.folder().resolve("new" + i + ".bin"), bytes(random.nextInt(3000)));
                case 3 -> git.write("empty" + i, "");
                case 4 -> toggleMode(file);
                case 5 -> {
                    Files.deleteIfExists(file);
                    Files.createSymbolicLink(file, Path.of("target" + i));
                }
                case 6 -> {
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        Files.move(file, git.folder().resolve("moved " + i));
                    }
                }
                default -> change(file);
            }
        }
        change(git.folder().resolve("dir1/file 1.txt"));
        git.write("always", "a new file " + random.nextInt() + "\n");
    }

    private static void toggleMode(Path file) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private void change(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = text.isEmpty() ? 0 : random.nextInt(text.length());
        String changed = text.substring(0, at) + "changed " + random.nextInt(100) + (random.nextBoolean() ? "\n" : "")
                + text.substring(Math.min(text.length(), at + random.nextInt(60)));
        Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String lines(int seed, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("line ").append(i).append(" of ").append(seed).append('\n');
        }
        return text.toString();
    }
}
