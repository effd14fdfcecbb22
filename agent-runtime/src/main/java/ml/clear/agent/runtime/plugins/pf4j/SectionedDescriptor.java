// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import java.util.List;
import java.util.Properties;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pf4j.DefaultPluginDescriptor;
import org.pf4j.ManifestPluginDescriptorFinder;
import org.pf4j.PluginDescriptor;
import org.pf4j.PropertiesPluginDescriptorFinder;

/** pf4j's descriptor with one key more: the sections of the configuration that belong to the plugin. */
final class SectionedDescriptor extends DefaultPluginDescriptor {

    private static final String PROPERTY = "plugin.sections";
    private static final String ATTRIBUTE = "Plugin-Sections";

    private List<String> sections = List.of();

    /** The sections that a descriptor names, such as {@code agent.slurm}; known even when the plugin cannot be started. */
    static List<String> sectionsOf(PluginDescriptor descriptor) {
        return descriptor instanceof SectionedDescriptor own ? own.sections : List.of();
    }

    private PluginDescriptor with(@Nullable String list) {
        sections = list == null
                ? List.of()
                : Stream.of(list.split(",", -1))
                        .map(String::strip)
                        .filter(section -> !section.isEmpty())
                        .toList();
        return this;
    }

    private static PluginDescriptor with(PluginDescriptor descriptor, @Nullable String list) {
        return descriptor instanceof SectionedDescriptor own ? own.with(list) : descriptor;
    }

    /** Reads {@code plugin.properties}. */
    static final class FromProperties extends PropertiesPluginDescriptorFinder {

        FromProperties(String fileName) {
            super(fileName);
        }

        @Override
        protected PluginDescriptor createPluginDescriptor(Properties properties) {
            return with(super.createPluginDescriptor(properties), properties.getProperty(PROPERTY));
        }

        @Override
        protected DefaultPluginDescriptor createPluginDescriptorInstance() {
            return new SectionedDescriptor();
        }
    }

    /** Reads the manifest of a jar. */
    static final class FromManifest extends ManifestPluginDescriptorFinder {

        @Override
        protected PluginDescriptor createPluginDescriptor(Manifest manifest) {
            return with(
                    super.createPluginDescriptor(manifest),
                    manifest.getMainAttributes().getValue(ATTRIBUTE));
        }

        @Override
        protected DefaultPluginDescriptor createPluginDescriptorInstance() {
            return new SectionedDescriptor();
        }
    }
}
