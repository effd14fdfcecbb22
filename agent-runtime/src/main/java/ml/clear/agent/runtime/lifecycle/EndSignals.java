// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns each signal that asks this process to end into a call, one signal after the other, instead of the JVM's shutdown. So
 * the process can be asked twice, and ends itself. A signal that the process was started to ignore stays ignored.
 *
 * <p>The shutdown hooks of the supported API see the first signal only, and not which it was; hence the JDK's own signals.
 */
public final class EndSignals implements AutoCloseable {

    private final SignalHandling handling = new SignalHandling();
    private final Map<Kind, Object> before = new EnumMap<>(Kind.class);
    private final Consumer<Kind> reaction;
    private @Nullable Kind first;

    /** A signal. */
    public enum Kind {
        /** The terminal was closed. */
        HUP(1),
        /** Ctrl-C. */
        INT(2),
        /** A request to end, for instance from a service manager. */
        TERM(15);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The exit code of a process that ended because of it, as shells expect. */
        public int exitCode() {
            return 128 + number;
        }
    }

    /**
     * Start listening.
     *
     * @param reaction called with each signal, in a separate thread; must return quickly
     */
    public EndSignals(Consumer<Kind> reaction) {
        this.reaction = reaction;
        for (Kind kind : Kind.values()) {
            before.put(kind, handling.handle(kind.name(), handling.handler(() -> came(kind))));
        }
    }

    private synchronized void came(Kind kind) {
        if (first == null) {
            first = kind;
        }
        reaction.accept(kind);
    }

    /** The first one that came. */
    public synchronized Optional<Kind> first() {
        return Optional.ofNullable(first);
    }

    /** Signals do again what they did before. */
    @Override
    public void close() {
        before.forEach((kind, handler) -> handling.handle(kind.name(), handler));
    }
}
