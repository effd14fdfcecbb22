// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.util.HashSet;
import java.util.Set;
import ml.clear.agent.api.spi.AgentPlugin;

/**
 * All that a plugin sees of the agent: the exported packages of the API and the JDK.
 *
 * <p>The parent alone hides nothing: the platform loader knows the modules of the application loader too, since the
 * built-in loaders share one map of packages. Hence packages are admitted by name, before the parent is asked.
 */
final class HostView extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final Module api = AgentPlugin.class.getModule();
    private final ModuleLayer layer;
    private final ClassLoader apiLoader;
    private final Set<String> apiPackages = new HashSet<>();
    private final Set<String> jdkPackages = new HashSet<>();

    HostView() {
        super("agent-api", getPlatformClassLoader());
        if (!api.isNamed()) {
            throw new IllegalStateException(
                    "the agent's jars are on the class path; plugins need them on the module path");
        }
        layer = api.getLayer();
        apiLoader = api.getClassLoader();
        api.getPackages().stream().filter(api::isExported).forEach(apiPackages::add);
        layer.modules().stream()
                .filter(module -> isJdk(module.getName()))
                .forEach(module -> jdkPackages.addAll(module.getPackages()));
    }

    /** Whether a module is the JDK's, by its reserved name. */
    static boolean isJdk(String module) {
        return module.startsWith("java.") || module.startsWith("jdk.");
    }

    /** The layer with the API and the JDK. */
    ModuleLayer layer() {
        return layer;
    }

    /** Whether a plugin may read a module of the host's layer. */
    boolean offers(String module) {
        return isJdk(module) || module.equals(api.getName()) || module.equals("org.jspecify");
    }

    /** Whether a package is the API's, which a plugin must not bring itself. */
    boolean ownsPackage(String name) {
        return api.getPackages().contains(name);
    }

    /** The name of the API's module. */
    String apiModule() {
        return api.getName();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        String packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (jdkPackages.contains(packageName)) {
            return super.loadClass(name, resolve);
        }
        if (apiPackages.contains(packageName)) {
            return apiLoader.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
