// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/** Collects everything that affects the result of installing a list of requirements. */
public final class PlanIdentity {

    /** The name of the list of requirements. */
    static final String REQUIREMENTS = "requirements";

    /** Variables of pip itself that change what is installed. */
    private static final List<String> VARIABLES = List.of(
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "PIP_FIND_LINKS",
            "PIP_NO_INDEX",
            "PIP_PRE",
            "PIP_CONSTRAINT",
            "PIP_ONLY_BINARY",
            "PIP_NO_BINARY",
            "PIP_CONFIG_FILE",
            "PIP_NO_DEPS");

    private final Path root;
    private final Map<String, String> environment;
    private final Settings settings;
    private final StoredPackages stored;

    /**
     * For one task.
     *
     * @param root the root of the task's code
     */
    public PlanIdentity(Path root, PluginContext context) {
        this.root = root;
        this.environment = context.environment();
        this.settings = context.settings();
        this.stored = new StoredPackages(context.storage());
    }

    SortedMap<String, String> of(
            Interpreter interpreter, Installer installer, RequirementSet required, List<String> options)
            throws InterruptedException {
        SortedMap<String, String> identity = new TreeMap<>(interpreter.identity());
        identity.putAll(installer.identity());
        identity.putAll(of(required, options));
        identity.put(
                SystemPackages.NAME, SystemPackages.of(settings, interpreter).identity());
        return identity;
    }

    /**
     * The part that does not depend on interpreter and installer.
     *
     * @param options lines that stand before the requirements
     */
    public SortedMap<String, String> of(RequirementSet required, List<String> options) throws InterruptedException {
        SortedMap<String, String> identity = new TreeMap<>();
        identity.put(SystemPackages.NAME, String.valueOf(settings.get(PackageSettings.SYSTEM_SITE_PACKAGES)));
        identity.put("upgrade", String.valueOf(settings.get(PackageSettings.FORCE_UPGRADE)));
        // each task has its sources in another folder; their content is the same for the same lines
        identity.put(REQUIREMENTS, relative(String.join("\n", lines(required)), root));
        identity.put("options", relative(String.join("\n", options(options)), root));
        identity.put(
                "constraints",
                String.join(
                        "\n",
                        required.constraints().stream()
                                .map(file -> "sha256:" + FileDigest.of(file))
                                .toList()));
        for (String name : VARIABLES) {
            String value = environment.get(name);
            if (value != null && !value.isEmpty()) {
                identity.put(name, Requirement.withoutCredentials(value));
            }
        }
        return identity;
    }

    private static String relative(String text, Path root) {
        return text.replace(root.toString(), ".");
    }

    /** Constraint files are represented by their content, elsewhere in the identity. */
    private static List<String> options(List<String> options) {
        return options.stream()
                .filter(option -> !option.startsWith("-c "))
                .map(Requirement::withoutCredentials)
                .toList();
    }

    private List<String> lines(RequirementSet required) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Requirement requirement : required.requirements()) {
            // the file at this path or address may change
            lines.add(requirement.normal()
                    + stored.version(requirement).map(version -> " " + version).orElse("")
                    + requirement
                            .localPath()
                            .filter(Files::isRegularFile)
                            .map(file -> " sha256:" + FileDigest.of(file))
                            .orElse(""));
        }
        return lines.stream().distinct().sorted().toList();
    }
}
