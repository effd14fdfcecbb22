// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.execution.Attachment;
import ml.clear.agent.api.execution.Execution;
import ml.clear.agent.api.spi.AgentPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Wraps an object that a plugin created, so that failures of every later call are attributed to the plugin too. The
 * result of a call is wrapped as well when it is an interface of the API that plugins implement, such as a plan of an
 * environment.
 *
 * <p>A proxy rather than a class for each interface: a {@code default} method that the API gains cannot be forgotten.
 */
final class GuardedInstance implements InvocationHandler {

    private final Class<?> type;
    private final Object instance;
    private final PluginCall edge;

    private GuardedInstance(Class<?> type, Object instance, PluginCall edge) {
        this.type = type;
        this.instance = instance;
        this.edge = edge;
    }

    /** The guard of an instance, as one of the API's interfaces. */
    static <T> T of(Class<T> type, T instance, PluginCall edge) {
        return type.cast(guard(type, instance, edge));
    }

    private static Object guard(Class<?> type, Object instance, PluginCall edge) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new GuardedInstance(type, instance, edge));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass().equals(Object.class)) {
            return ofObject(proxy, method, arguments);
        }
        Object result = edge.run(type.getSimpleName() + "." + method.getName(), () -> call(method, arguments));
        return result == null ? null : guarded(method.getGenericReturnType(), result);
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws InterruptedException {
        try {
            Object result = method.invoke(instance, arguments);
            return method.getReturnType().equals(void.class)
                    ? null
                    : Objects.requireNonNull(result, "it returned null");
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case InterruptedException interruption -> throw interruption;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object guarded(Type declared, Object result) {
        if (declared instanceof Class<?> returned && implementedByPlugins(returned)) {
            return guard(returned, result, edge);
        }
        if (result instanceof Optional<?> optional
                && declared instanceof ParameterizedType parameterized
                && parameterized.getActualTypeArguments()[0] instanceof Class<?> element
                && implementedByPlugins(element)) {
            return optional.map(value -> guard(element, value, edge));
        }
        if (result instanceof Attachment.Found(Execution execution)) {
            return new Attachment.Found(of(Execution.class, execution, edge));
        }
        return result;
    }

    private static boolean implementedByPlugins(Class<?> returned) {
        return returned.isInterface()
                && !returned.isSealed()
                && returned.getModule().equals(AgentPlugin.class.getModule());
    }

    private Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> type.getSimpleName() + " of " + edge.plugin().label();
        };
    }
}
