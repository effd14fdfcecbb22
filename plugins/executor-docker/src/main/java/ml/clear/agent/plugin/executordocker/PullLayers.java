// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The layers of an image while it is pulled, as the engine reports them. For one thread. */
final class PullLayers {

    private static final double MEGABYTE = 1e6;

    private final Map<String, Layer> layers = new LinkedHashMap<>();

    /**
     * A layer.
     *
     * @param name its short name
     * @param received bytes that have come
     * @param size all its bytes; 0 while that is not known
     * @param state how far it is
     */
    record Layer(String name, long received, long size, State state) {
        boolean isComplete() {
            return state != State.COMING;
        }
    }

    /** How far a layer is. */
    enum State {
        COMING,
        PULLED,
        PRESENT
    }

    /** All of them, in the order in which the engine named them. */
    Collection<Layer> all() {
        return Collections.unmodifiableCollection(layers.values());
    }

    long complete() {
        return layers.values().stream().filter(Layer::isComplete).count();
    }

    /** Take an event of the engine; the layer that it completes. */
    Optional<Layer> event(JsonNode event) {
        String name = event.path("id").asString("");
        Layer before = layers.getOrDefault(name, new Layer(name, 0, 0, State.COMING));
        return switch (event.path("status").asString("")) {
            case "Pulling fs layer", "Waiting" -> changed(before, before);
            case "Downloading" -> {
                JsonNode detail = event.path("progressDetail");
                yield changed(
                        before,
                        new Layer(
                                name,
                                detail.path("current").asLong(before.received()),
                                detail.path("total").asLong(before.size()),
                                before.state()));
            }
            case "Download complete", "Pull complete" ->
                changed(before, new Layer(name, before.size(), before.size(), State.PULLED));
            case "Already exists" -> changed(before, new Layer(name, 0, 0, State.PRESENT));
            default -> Optional.empty(); // of the whole image, or a step without progress
        };
    }

    private Optional<Layer> changed(Layer before, Layer now) {
        if (before.isComplete()) {
            return Optional.empty();
        }
        layers.put(now.name(), now);
        return Optional.of(now).filter(Layer::isComplete);
    }

    static String megabytes(long bytes) {
        return Math.round(bytes / MEGABYTE * 10) / 10.0 + " MB";
    }
}
