// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder in which secret files have a name until their program has opened them. The name contains
 * the process space, the number and the start of the process that wrote the file, which shows whether that process was killed.
 *
 * @param path the folder
 */
record SecretFolder(Path path) {

    private static final String PREFIX = "clearml-agent-secret-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-(\\d+)-(\\d+)-.*");
    private static final Path SPACE = Path.of("/proc/self/ns/pid");

    /** Processes of other containers cannot be looked up, and no program needs this long to open its files. */
    private static final Duration LONGEST_ELSEWHERE = Duration.ofHours(1);

    /** The folder for new files: in memory if the machine has one. */
    static SecretFolder usual(Map<String, String> environment) {
        return all(environment)
                .filter(folder -> Files.isWritable(folder.path))
                .findFirst()
                .orElseGet(SecretFolder::onDisk);
    }

    /** The folders that exist, the preferred one first. */
    static Stream<SecretFolder> all(Map<String, String> environment) {
        Stream<SecretFolder> inMemory = Stream.of(environment.getOrDefault("XDG_RUNTIME_DIR", ""), "/dev/shm")
                .filter(candidate -> !candidate.isBlank())
                .map(candidate -> new SecretFolder(Path.of(candidate)));
        return Stream.concat(inMemory, Stream.of(onDisk())).filter(folder -> Files.isDirectory(folder.path));
    }

    private static SecretFolder onDisk() {
        return new SecretFolder(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** A path for a file of this process that does not exist. */
    Path newFile() {
        ProcessIdentity self = ProcessIdentity.current();
        return path.resolve(
                PREFIX + processSpace() + "-" + self.pid() + "-" + self.startTicks() + "-" + UUID.randomUUID());
    }

    /** Delete the files of this user whose process has ended before a program opened them. */
    void removeAbandoned() throws IOException {
        UserPrincipal self = Files.getOwner(Path.of("/proc/self"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, PREFIX + "*")) {
            for (Path file : files) {
                try {
                    if (Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(self) && isAbandoned(file)) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    // its program has opened it
                }
            }
        }
    }

    private static boolean isAbandoned(Path file) throws IOException {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches() && name.group(1).equals(processSpace())) {
            long startTicks = Long.parseLong(name.group(3));
            return ProcessIdentity.of(Long.parseLong(name.group(2)))
                    .filter(process -> process.startTicks() == startTicks)
                    .isEmpty();
        }
        Instant written = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .lastModifiedTime()
                .toInstant();
        return written.plus(LONGEST_ELSEWHERE).isBefore(Instant.now());
    }

    /** The number of the space in which process numbers mean something; 0 where it cannot be read. */
    private static String processSpace() {
        try {
            return Files.readSymbolicLink(SPACE).toString().replaceAll("\\D", "");
        } catch (IOException e) {
            return "0";
        }
    }
}
