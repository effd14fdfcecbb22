// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import ml.clear.agent.plugin.executordocker.PullLayers.Layer;
import tools.jackson.databind.JsonNode;

/** Shows a pull on a terminal: a bar for each layer that is coming, which are replaced by one line in the end. */
final class PullBars implements PullDisplay {

    private static final Duration PERIOD = Duration.ofMillis(100);

    /** More lines than a small terminal has could not be written anew. */
    private static final int MOST = 12;

    private static final int WIDTH = 30;
    private static final String UP = "\u001b[A";
    private static final String ERASE_TO_END = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final String image;
    private final PrintStream terminal;
    private final InstantSource clock;
    private final Instant start;
    private final PullLayers layers = new PullLayers();
    private Instant painted = Instant.MIN;
    private int lines;

    PullBars(String image, PrintStream terminal, InstantSource clock) {
        this.image = image;
        this.terminal = terminal;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public void event(JsonNode event) {
        layers.event(event);
        if (!clock.instant().isBefore(painted.plus(PERIOD))) {
            painted = clock.instant();
            paint();
        }
    }

    private void paint() {
        List<String> texts = layers.all().stream()
                .filter(layer -> !layer.isComplete())
                .limit(MOST)
                .map(PullBars::bar)
                .toList();
        StringBuilder text = new StringBuilder(erased());
        text.append("pulling image '")
                .append(image)
                .append("': ")
                .append(layers.complete())
                .append(" of ");
        text.append(layers.all().size()).append(" layers").append(ERASE_TO_END).append('\n');
        texts.forEach(line -> text.append(line).append(ERASE_TO_END).append('\n'));
        lines = texts.size() + 1;
        terminal.print(text);
        terminal.flush();
    }

    private static String bar(Layer layer) {
        int done = layer.size() == 0 ? 0 : (int) (layer.received() * WIDTH / layer.size());
        String amount = layer.size() == 0
                ? "waiting"
                : PullLayers.megabytes(layer.received()) + " of " + PullLayers.megabytes(layer.size());
        return "  " + layer.name() + " [" + "=".repeat(done) + " ".repeat(WIDTH - done) + "] " + amount;
    }

    private String erased() {
        return UP.repeat(lines) + "\r" + ERASE_BELOW;
    }

    @Override
    public void end() {
        abandon();
        terminal.println(PullDisplay.summary(image, Duration.between(start, clock.instant())));
    }

    @Override
    public void abandon() {
        terminal.print(erased());
        terminal.flush();
        lines = 0;
    }
}
