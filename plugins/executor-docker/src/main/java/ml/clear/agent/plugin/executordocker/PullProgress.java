// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import ml.clear.agent.plugin.executordocker.PullLayers.Layer;
import tools.jackson.databind.JsonNode;

/**
 * Reports a pull in lines, since a log has no place for moving bars: one for each layer that is complete, and while none is,
 * one every ten seconds with what has come so far.
 */
final class PullProgress implements PullDisplay {

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final String image;
    private final Consumer<String> lines;
    private final InstantSource clock;
    private final Instant start;
    private final PullLayers layers = new PullLayers();
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

    @Override
    public void event(JsonNode event) {
        layers.event(event).ifPresentOrElse(this::complete, this::soFar);
    }

    private void complete(Layer layer) {
        line("layer " + layer.name() + (layer.state() == PullLayers.State.PRESENT ? " is there" : " pulled")
                + (layer.size() > 0 ? ", " + PullLayers.megabytes(layer.size()) : "") + " (" + layers.complete()
                + " of " + layers.all().size() + ")");
    }

    private void soFar() {
        if (Duration.between(lastLine, clock.instant()).compareTo(PERIOD) >= 0) {
            line("pulling image '" + image + "': "
                    + PullLayers.megabytes(
                            layers.all().stream().mapToLong(Layer::received).sum()) + " of "
                    + PullLayers.megabytes(
                            layers.all().stream().mapToLong(Layer::size).sum()));
        }
    }

    @Override
    public void end() {
        line(PullDisplay.summary(image, Duration.between(start, clock.instant())));
    }

    private void line(String text) {
        lastLine = clock.instant();
        lines.accept(text);
    }
}
