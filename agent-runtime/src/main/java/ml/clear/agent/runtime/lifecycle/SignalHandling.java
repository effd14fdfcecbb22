// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.lifecycle;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * {@code sun.misc.Signal} of the module {@code jdk.unsupported}, by reflection: the compiler's warning about it cannot be
 * switched off, and warnings are errors here.
 */
final class SignalHandling {

    private final Class<?> handlerType;
    private final Constructor<?> signal;
    private final Method handle;

    SignalHandling() {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            handlerType = Class.forName("sun.misc.SignalHandler");
            signal = type.getConstructor(String.class);
            handle = type.getMethod("handle", type, handlerType);
        } catch (ReflectiveOperationException e) {
            throw missing(e);
        }
    }

    /** What {@link #handle} takes. */
    Object handler(Runnable reaction) {
        return Proxy.newProxyInstance(
                handlerType.getClassLoader(),
                new Class<?>[] {handlerType},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> arguments != null && proxy == arguments[0];
                    case "toString" -> "end signal";
                    default -> {
                        reaction.run();
                        yield null;
                    }
                });
    }

    /**
     * React to a signal.
     *
     * @param name without its {@code SIG}
     * @param handler the reaction
     * @return the reaction before
     */
    Object handle(String name, Object handler) {
        try {
            return handle.invoke(null, signal.newInstance(name), handler);
        } catch (ReflectiveOperationException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(ReflectiveOperationException cause) {
        return new IllegalStateException(
                "this Java runtime has no support for signals; use the one of the distribution", cause);
    }
}
