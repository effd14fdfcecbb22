// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The time that a thread spends in a plugin. The plugin's loader is the thread's context class loader, since libraries look
 * there for services; and the process can find out whose code a thread runs, since {@code System.out} and
 * {@code System.exit} do not say who uses them. To be used in a try-with-resources statement, on one thread.
 */
public final class PluginScope implements AutoCloseable {

    /** What the start of a plugin is called. */
    public static final String START = "its start";

    private static final Map<Thread, PluginScope> ACTIVE = new ConcurrentHashMap<>();
    private static final Map<ClassLoader, String> OWNERS = new ConcurrentHashMap<>();

    static {
        PluginExit.watch();
    }

    private final Thread thread = Thread.currentThread();
    private final ClassLoader loaderBefore = thread.getContextClassLoader();
    private final String plugin;
    private final String call;
    private final @Nullable PluginScope outer;

    private PluginScope(String plugin, String call, ClassLoader loader) {
        this.plugin = plugin;
        this.call = call;
        thread.setContextClassLoader(loader);
        outer = ACTIVE.put(thread, this);
        if (!loader.equals(PluginScope.class.getClassLoader())) { // a fake plugin of a test is part of the agent
            OWNERS.putIfAbsent(loader, plugin);
        }
    }

    /**
     * Enter a plugin.
     *
     * @param plugin how messages name the plugin
     * @param call what is called, such as {@code PackageManager.plan}
     * @param loader the plugin's loader
     */
    public static PluginScope enter(String plugin, String call, ClassLoader loader) {
        return new PluginScope(plugin, call, loader);
    }

    /** The plugin that a thread is in. */
    static Optional<PluginScope> of(Thread thread) {
        return Optional.ofNullable(ACTIVE.get(thread));
    }

    /** The plugin that a thread is in, or that started it: threads inherit the context class loader. */
    static Optional<String> ownerOf(Thread thread) {
        Optional<String> inside = of(thread).map(PluginScope::plugin);
        ClassLoader loader = thread.getContextClassLoader();
        return inside.isPresent() || loader == null ? inside : Optional.ofNullable(OWNERS.get(loader));
    }

    /** The names of the threads that a plugin started and that would keep a process alive. */
    public static List<String> threadsOf(String plugin) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> !each.isDaemon() && each != Thread.currentThread())
                .filter(each -> ownerOf(each).filter(plugin::equals).isPresent())
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    String plugin() {
        return plugin;
    }

    String call() {
        return call;
    }

    /** Leave the plugin. */
    @Override
    public void close() {
        thread.setContextClassLoader(loaderBefore);
        if (outer == null) {
            ACTIVE.remove(thread);
        } else {
            ACTIVE.put(thread, outer);
        }
    }
}
