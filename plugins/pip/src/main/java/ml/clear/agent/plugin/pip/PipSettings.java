// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.plugin.pythonsupport.install.PackageOptions;
import ml.clear.agent.plugin.pythonsupport.tool.VersionRule;

/**
 * The configuration of pip.
 *
 * @param pipVersions conditions on pip's own version, each with an optional marker; empty for the newest
 * @param legacyResolver versions of pip that are asked to resolve as pip did before 20.3
 * @param installFlags more options of {@code pip install}
 * @param forceUpgrade whether to replace packages that are new enough
 * @param systemPackages whether environments see the interpreter's own packages
 */
record PipSettings(
        List<VersionRule> pipVersions,
        List<VersionRule> legacyResolver,
        List<String> installFlags,
        boolean forceUpgrade,
        boolean systemPackages) {

    static final Setting<List<String>> PIP_VERSION = texts(
            "agent.package_manager.pip_version",
            List.of(
                    "<20.2 ; python_version < '3.10'",
                    "<22.3 ; python_version >= '3.10' and python_version <= '3.11'",
                    ">=23,<26 ; python_version >= '3.12'"),
            "Versions of pip to use, each a condition with an optional marker; empty for the newest");

    static final Setting<List<String>> LEGACY_RESOLVER = texts(
            "agent.package_manager.pip_legacy_resolver",
            List.of(">=20.3,<24.3"),
            "Versions of pip that use the resolver of before 20.3, which accepts requirements that contradict each other");

    PipSettings {
        pipVersions = List.copyOf(pipVersions);
        legacyResolver = List.copyOf(legacyResolver);
        installFlags = List.copyOf(installFlags);
    }

    static List<Setting<?>> all() {
        return List.of(PIP_VERSION, LEGACY_RESOLVER);
    }

    static PipSettings of(Settings settings) {
        return new PipSettings(
                rules(settings, PIP_VERSION),
                rules(settings, LEGACY_RESOLVER),
                PackageOptions.words(settings.get(PackageSettings.INSTALL_FLAGS)),
                settings.get(PackageSettings.FORCE_UPGRADE),
                settings.get(PackageSettings.SYSTEM_SITE_PACKAGES));
    }

    private static List<VersionRule> rules(Settings settings, Setting<List<String>> setting) {
        return settings.get(setting).stream()
                .filter(rule -> !rule.isBlank())
                .map(rule -> VersionRule.of(rule, setting))
                .toList();
    }

    private static Setting<List<String>> texts(String key, List<String> defaultValue, String description) {
        return Setting.of(key, ValueTypes.list(ValueTypes.TEXT), defaultValue, description);
    }
}
