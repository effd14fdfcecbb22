// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives engines to tests that ask for one by a parameter. An engine starts when the first test asks for it, and is shared by
 * all test classes of the process; it ends with the last of them. A test whose engine cannot be started here is skipped, or
 * fails when the property {@code require.real} is true.
 */
public final class EngineExtension implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(EngineExtension.class);
    private static final Map<Class<?>, Kind> KINDS = Map.of(
            DockerEngine.class, new Kind(DockerEngine::obstacle, DockerEngine::start),
            PodmanEngine.class, new Kind(PodmanEngine::obstacle, PodmanEngine::start),
            RootlessPodman.class, new Kind(RootlessPodman::obstacle, RootlessPodman::start));

    /** For JUnit. */
    public EngineExtension() {}

    private interface Obstacle {
        Optional<String> find() throws Exception;
    }

    private interface Start {
        AutoCloseable start() throws Exception;
    }

    private record Kind(Obstacle obstacle, Start start) {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return KINDS.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(type, EngineExtension::started);
    }

    private static Object started(Class<?> type) {
        Kind kind = Objects.requireNonNull(KINDS.get(type));
        try {
            Optional<String> obstacle = kind.obstacle().find();
            if (Boolean.getBoolean("require.real")) {
                assertThat(obstacle).as("what keeps the engine from starting").isEmpty();
            }
            assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
            return kind.start().start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while an engine starts", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the engine cannot be started", e);
        }
    }
}
