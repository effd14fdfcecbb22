// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.KeptImage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes an image of a container that has ended. */
final class ImageCommit {

    private final EngineApi engine;
    private final KeptImage kept;
    private final JsonNode base;

    /** @param base the engine's description of the image that the container is of */
    ImageCommit(EngineApi engine, KeptImage kept, JsonNode base) {
        this.engine = engine;
        this.kept = kept;
        this.base = base;
    }

    /** @throws AgentException {@code LAUNCH_FAILED} with the engine's reason */
    void of(String container) {
        int colon = kept.name().lastIndexOf(':');
        boolean tagged = colon > kept.name().lastIndexOf('/');
        String path = "/commit?container=" + container
                + "&repo=" + EngineApi.encoded(tagged ? kept.name().substring(0, colon) : kept.name())
                + "&tag=" + EngineApi.encoded(tagged ? kept.name().substring(colon + 1) : "latest")
                + changes()
                        .map(change -> "&changes=" + EngineApi.encoded(change))
                        .collect(Collectors.joining());
        EngineApi.Answer answer = engine.post(path);
        if (!answer.isGood()) {
            throw new AgentException(
                    ErrorCode.LAUNCH_FAILED,
                    "the engine does not keep image '" + kept.name() + "': " + answer.message()
                            + "; check the name, which --target gives");
        }
    }

    /** The container ran the agent's start script; its image runs what is asked for, or what its base runs. */
    private Stream<String> changes() {
        Stream<String> variables = kept.environment().entrySet().stream()
                .map(entry -> "ENV " + entry.getKey() + "=" + json(entry.getValue()))
                .sorted();
        Stream<String> started = kept.entryPoint().isEmpty()
                ? Stream.of("CMD " + json(words(base.path("Config").path("Cmd"))))
                : Stream.of("ENTRYPOINT " + json(kept.entryPoint()), "CMD []");
        return Stream.concat(variables, started);
    }

    private static List<String> words(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }
}
