// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import ml.clear.agent.api.spi.AgentPlugin;

/**
 * The modules that a plugin brings, read one jar at a time, so that every complaint names its jar. The checks come before
 * the JDK's own, whose messages name modules and packages but neither files nor what to do.
 */
final class PluginModules implements ModuleFinder {

    private final Map<String, ModuleReference> modules = new LinkedHashMap<>();
    private final Map<String, Path> files = new HashMap<>();

    private PluginModules() {}

    /** Read the jars; throws when one is corrupt, has no module descriptor or does not fit beside the others. */
    static PluginModules read(List<Path> jars) {
        if (jars.isEmpty()) {
            throw Reasons.refused("it has no jar in its modules folder");
        }
        PluginModules found = new PluginModules();
        jars.forEach(found::add);
        return found;
    }

    private void add(Path jar) {
        try {
            for (ModuleReference module : ModuleFinder.of(jar).findAll()) {
                add(module, jar);
            }
        } catch (FindException e) {
            throw Reasons.unreadable(jar.toString(), e);
        }
    }

    private void add(ModuleReference module, Path jar) {
        ModuleDescriptor descriptor = module.descriptor();
        String name = descriptor.name();
        if (descriptor.isAutomatic()) {
            throw Reasons.refused(
                    "'" + jar + "' has no module-info",
                    "add one if it is the plugin's own code, or put it into the lib folder if it is a library");
        }
        Path other = files.putIfAbsent(name, jar);
        if (other != null) {
            throw Reasons.refused("module '" + name + "' is in both '" + other + "' and '" + jar + "'");
        }
        modules.put(name, module);
    }

    /** Throws when the modules hold the API, share a package, or ask for a module that they may not or cannot have. */
    void check(HostView host, Predicate<String> fromDependencies) {
        Map<String, String> owners = new HashMap<>();
        for (ModuleReference module : modules.values()) {
            ModuleDescriptor descriptor = module.descriptor();
            for (String packageName : descriptor.packages()) {
                checkPackage(packageName, descriptor.name(), host, owners);
            }
            for (ModuleDescriptor.Requires requires : descriptor.requires()) {
                checkRequires(requires, descriptor.name(), host, fromDependencies);
            }
        }
        if (modules.values().stream().noneMatch(PluginModules::providesPlugin)) {
            throw Reasons.refused(
                    "none of its modules provides " + AgentPlugin.class.getName(),
                    "add 'provides " + AgentPlugin.class.getName() + " with …' to its module-info");
        }
    }

    private void checkPackage(String packageName, String module, HostView host, Map<String, String> owners) {
        if (host.ownsPackage(packageName)) {
            throw bundledApi(file(module));
        }
        String other = owners.putIfAbsent(packageName, module);
        if (other != null) {
            throw Reasons.refused("package '" + packageName + "' is split: it is in both '" + file(other) + "' and '"
                    + file(module) + "'");
        }
    }

    private void checkRequires(
            ModuleDescriptor.Requires requires, String module, HostView host, Predicate<String> fromDependencies) {
        String wanted = requires.name();
        if (modules.containsKey(wanted) || fromDependencies.test(wanted)) {
            return;
        }
        boolean inHost = host.layer().findModule(wanted).isPresent();
        if (inHost && host.offers(wanted)) {
            return;
        }
        String asks = "'" + file(module) + "' requires module '" + wanted + "', which ";
        if (inHost) {
            throw Reasons.refused(
                    asks + "is the agent's own and hidden from plugins",
                    "put a copy of the library into the plugin's lib folder and drop the requirement");
        }
        if (requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC)) {
            return;
        }
        throw HostView.isJdk(wanted)
                ? Reasons.refused(
                        asks + "is part of the JDK but missing from this agent's image",
                        "install a version of the plugin that does without, or ask for an image with it")
                : Reasons.refused(
                        asks + "is missing",
                        "add its jar to the modules folder, or name the plugin that has it under dependencies");
    }

    /** A plugin with the API in it would compile against one copy and provide another. */
    static RuntimeException bundledApi(Path jar) {
        return Reasons.refused(
                "'" + jar + "' holds a copy of the agent's API",
                "leave agent-api out of what the plugin packs (scope 'provided' in Maven, 'compileOnly' in Gradle)");
    }

    Set<String> names() {
        return modules.keySet();
    }

    private Path file(String module) {
        return files.getOrDefault(module, Path.of(module));
    }

    private static boolean providesPlugin(ModuleReference module) {
        return module.descriptor().provides().stream()
                .anyMatch(provides -> provides.service().equals(AgentPlugin.class.getName()));
    }

    @Override
    public Optional<ModuleReference> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
        return Set.copyOf(modules.values());
    }
}
