// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.execution.ExecutionState;
import tools.jackson.databind.JsonNode;

/** An execution in a container. When it is seen to have ended, its end is recorded and the container removed. */
final class DockerExecution implements Execution {

    private static final Duration FIRST_LOOK = Duration.ofMillis(20);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
    private static final int KILLED = 137;

    private final EngineApi engine;
    private final String container;
    private final AttemptId attempt;
    private final AttemptRecord record;
    private final AtEnd atEnd;

    /**
     * What is done when the end of a container is seen.
     *
     * @param image makes an image of one that ended with exit code 0, if that is asked for
     * @param cleanUp removes what was made for the attempt besides the container
     * @param keep whether the container stays
     */
    record AtEnd(Consumer<String> image, Runnable cleanUp, boolean keep) {}

    /** The execution of a container. */
    DockerExecution(EngineApi engine, String container, AttemptId attempt, AttemptRecord record, AtEnd atEnd) {
        this.engine = engine;
        this.container = container;
        this.attempt = attempt;
        this.record = record;
        this.atEnd = atEnd;
    }

    @Override
    public String handle() {
        return container;
    }

    @Override
    public ExecutionState state() {
        EngineApi.Answer answer = engine.get("/containers/" + container + "/json");
        if (answer.status() == 404) {
            return record.end(attempt)
                    .<ExecutionState>map(ended -> ended)
                    .orElseGet(() -> new ExecutionState.Lost("container '" + container + "' was removed"));
        }
        if (!answer.isGood()) {
            throw new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE, "the engine does not describe the container: " + answer.message());
        }
        JsonNode state = answer.body().path("State");
        return switch (state.path("Status").asString("")) {
            case "created" -> new ExecutionState.Waiting("for the start of its container");
            case "exited", "dead", "removing" -> ended(state);
            default -> new ExecutionState.Running();
        };
    }

    private ExecutionState ended(JsonNode state) {
        int code = state.path("ExitCode").asInt(1);
        String error = state.path("Error").asString("");
        String reason = state.path("OOMKilled").asBoolean(false)
                ? "the container was killed for lack of memory; raise its limit, --memory"
                : error;
        ExecutionState.Ended ended = new ExecutionState.Ended(code, reason);
        if (code == 0) {
            try {
                atEnd.image().accept(container);
            } catch (AgentException e) {
                ended = new ExecutionState.Ended(1, String.valueOf(e.getMessage()));
            }
        }
        record.ended(attempt, ended);
        atEnd.cleanUp().run();
        if (!atEnd.keep()) {
            engine.delete("/containers/" + container + "?force=true&v=true");
        }
        return ended;
    }

    /** An engine that is restarted does not end its containers for certain, so its silence is waited out. */
    @Override
    public ExecutionState await(Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        Duration pause = FIRST_LOOK;
        while (true) {
            try {
                ExecutionState state = state();
                boolean over = state instanceof ExecutionState.Ended || state instanceof ExecutionState.Lost;
                if (over || System.nanoTime() - start >= limit.toNanos()) {
                    return state;
                }
            } catch (AgentException e) {
                if (System.nanoTime() - start >= limit.toNanos()) {
                    throw e;
                }
            }
            long left = limit.toNanos() - (System.nanoTime() - start);
            TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), Math.max(left, 1)));
            pause = pause.multipliedBy(2).compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : pause.multipliedBy(2);
        }
    }

    @Override
    public void stop() {
        engine.post("/containers/" + container + "/kill?signal=TERM");
    }

    @Override
    public void kill() {
        EngineApi.Answer answer = engine.post("/containers/" + container + "/kill?signal=KILL");
        boolean notRunning = answer.status() == 404 || answer.status() == 409;
        if (!answer.isGood() && !notRunning) {
            throw new AgentException(
                    ErrorCode.SERVER_UNAVAILABLE, "the engine does not kill the container: " + answer.message());
        }
        if (answer.status() == 409 && state() instanceof ExecutionState.Waiting) {
            record.ended(attempt, new ExecutionState.Ended(KILLED, "it was ended before it began"));
            engine.delete("/containers/" + container + "?force=true&v=true");
        }
    }
}
