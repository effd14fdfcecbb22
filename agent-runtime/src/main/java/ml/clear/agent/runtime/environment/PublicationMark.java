// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import static java.lang.System.Logger.Level.DEBUG;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A file beside a copy in the cache that says where the environment was stored for other machines, so that tasks that use the copy
 * need not ask the store. After a failure, the next attempt is made an hour later.
 *
 * @param file beside the copy
 * @param address where the archive belongs
 */
record PublicationMark(Path file, String address, InstantSource clock) {

    private static final System.Logger LOG = System.getLogger(PublicationMark.class.getName());
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final String FAILED = "failed ";

    /** Whether the environment is still to be stored. */
    boolean due() {
        try {
            String text = Files.readString(file);
            return !text.equals(address)
                    && !(text.equals(FAILED + address)
                            && Files.getLastModifiedTime(file)
                                    .toInstant()
                                    .plus(PAUSE)
                                    .isAfter(clock.instant()));
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            LOG.log(DEBUG, "cannot read ''{0}'': {1}", file, e.getMessage());
            return false;
        }
    }

    void stored() {
        write(address);
    }

    void failed() {
        write(FAILED + address);
    }

    private void write(String text) {
        try {
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        } catch (IOException e) { // the copy was evicted meanwhile
            LOG.log(DEBUG, "cannot write ''{0}'': {1}", file, e.getMessage());
        }
    }
}
