// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

/**
 * Makes a plugin's loader the context class loader of the thread while the plugin is called: libraries look there for
 * services. To be used in a try-with-resources statement, on one thread.
 */
public final class ContextLoader implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final ClassLoader before = thread.getContextClassLoader();

    private ContextLoader(ClassLoader during) {
        thread.setContextClassLoader(during);
    }

    /** Set the context class loader until the result is closed. */
    public static ContextLoader of(ClassLoader loader) {
        return new ContextLoader(loader);
    }

    /** Set back what was there before. */
    @Override
    public void close() {
        thread.setContextClassLoader(before);
    }
}
