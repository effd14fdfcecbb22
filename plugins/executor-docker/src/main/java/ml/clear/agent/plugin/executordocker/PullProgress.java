// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Reports a pull in lines, since a log has no place for moving bars: one for each layer that is complete, and while none is,
 * one every ten seconds with what has come so far. For one pull, in one thread.
 */
final class PullProgress {

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final double MEGABYTE = 1e6;

    private final String image;
    private final Consumer<String> lines;
    private final InstantSource clock;
    private final Instant start;
    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private Instant lastLine;

    /** @param lines gets the lines */
    PullProgress(String image, Consumer<String> lines, InstantSource clock) {
        this.image = image;
        this.lines = lines;
        this.clock = clock;
        this.start = clock.instant();
        this.lastLine = start;
        lines.accept("pulling image '" + image + "'");
    }

    private record Layer(long received, long size, boolean complete) {}

    /** What the engine reports; its events about layers have the layer's short name. */
    void event(JsonNode event) {
        String name = event.path("id").asString("");
        String status = event.path("status").asString("");
        Layer before = layers.getOrDefault(name, new Layer(0, 0, false));
        switch (status) {
            case "Pulling fs layer", "Waiting" -> layers.put(name, before);
            case "Downloading" -> {
                long received = event.path("progressDetail").path("current").asLong(before.received());
                long size = event.path("progressDetail").path("total").asLong(before.size());
                layers.put(name, new Layer(received, size, before.complete()));
                soFar();
            }
            case "Download complete", "Pull complete" -> complete(name, before, "pulled");
            case "Already exists" -> complete(name, before, "is there");
            default -> {} // of the whole image, or a step without progress
        }
    }

    private void complete(String name, Layer before, String how) {
        if (before.complete()) {
            return;
        }
        layers.put(name, new Layer(before.size(), before.size(), true));
        line("layer " + name + " " + how + (before.size() > 0 ? ", " + megabytes(before.size()) : "") + " ("
                + layers.values().stream().filter(Layer::complete).count() + " of " + layers.size() + ")");
    }

    private void soFar() {
        if (Duration.between(lastLine, clock.instant()).compareTo(PERIOD) >= 0) {
            line("pulling image '" + image + "': "
                    + megabytes(
                            layers.values().stream().mapToLong(Layer::received).sum()) + " of "
                    + megabytes(layers.values().stream().mapToLong(Layer::size).sum()));
        }
    }

    /** The image is complete. */
    void end() {
        line("pulled image '" + image + "' in "
                + Math.round(Duration.between(start, clock.instant()).toMillis() / 100.0) / 10.0 + " s");
    }

    private void line(String text) {
        lastLine = clock.instant();
        lines.accept(text);
    }

    private static String megabytes(long bytes) {
        return Math.round(bytes / MEGABYTE * 10) / 10.0 + " MB";
    }
}
