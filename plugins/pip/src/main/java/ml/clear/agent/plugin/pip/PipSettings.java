// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/**
 * The configuration of pip.
 *
 * @param pipVersions conditions on pip's own version, each with an optional marker; empty for the newest
 * @param legacyResolver versions of pip that are asked to resolve as pip did before 20.3
 * @param installFlags more options of {@code pip install}
 * @param extraIndexes addresses of more indexes; may hold passwords
 * @param forceUpgrade whether to replace packages that are new enough
 * @param systemPackages whether environments see the interpreter's own packages
 * @param priority normal names of packages to install before the others when it matters
 * @param priorityOptional the same, and may fail
 * @param post normal names of packages to install after the others
 * @param postOptional the same, and may fail
 * @param repositoryFiles whether the files of the repository count rather than the task's own list
 * @param originalRequirements whether the list counts that the task had before its first run
 * @param downloadCache whether to keep what is downloaded
 * @param downloadCacheFolder where
 */
record PipSettings(
        List<String> pipVersions,
        List<VersionRule> legacyResolver,
        List<String> installFlags,
        List<String> extraIndexes,
        boolean forceUpgrade,
        boolean systemPackages,
        List<String> priority,
        List<String> priorityOptional,
        List<String> post,
        List<String> postOptional,
        boolean repositoryFiles,
        boolean originalRequirements,
        boolean downloadCache,
        Path downloadCacheFolder) {

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

    static final Setting<Boolean> DOWNLOAD_CACHE = Setting.of(
            "agent.pip_download_cache.enabled", ValueTypes.BOOLEAN, true, "Keep what pip downloads for the next time");

    static final Setting<Path> DOWNLOAD_CACHE_FOLDER = Setting.of(
            "agent.pip_download_cache.path",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.clearml/pip-download-cache"),
            "Folder in which pip keeps what it downloads");

    PipSettings {
        pipVersions = List.copyOf(pipVersions);
        legacyResolver = List.copyOf(legacyResolver);
        installFlags = List.copyOf(installFlags);
        extraIndexes = List.copyOf(extraIndexes);
        priority = List.copyOf(priority);
        priorityOptional = List.copyOf(priorityOptional);
        post = List.copyOf(post);
        postOptional = List.copyOf(postOptional);
    }

    static List<Setting<?>> all() {
        return List.of(PIP_VERSION, LEGACY_RESOLVER, DOWNLOAD_CACHE, DOWNLOAD_CACHE_FOLDER);
    }

    static PipSettings of(Settings settings) {
        return new PipSettings(
                settings.get(PIP_VERSION),
                settings.get(LEGACY_RESOLVER).stream()
                        .map(rule -> VersionRule.of(rule, LEGACY_RESOLVER))
                        .toList(),
                settings.get(PackageSettings.INSTALL_FLAGS).stream()
                        .flatMap(PipSettings::words)
                        .toList(),
                settings.get(PackageSettings.EXTRA_INDEX_URL).stream()
                        .flatMap(PipSettings::words)
                        .toList(),
                settings.get(PackageSettings.FORCE_UPGRADE),
                settings.get(PackageSettings.SYSTEM_SITE_PACKAGES),
                names(settings.get(PackageSettings.PRIORITY_PACKAGES)),
                names(settings.get(PackageSettings.PRIORITY_OPTIONAL_PACKAGES)),
                names(settings.get(PackageSettings.POST_PACKAGES)),
                names(settings.get(PackageSettings.POST_OPTIONAL_PACKAGES)),
                settings.get(PackageSettings.FORCE_REPOSITORY_FILES),
                settings.get(PackageSettings.FORCE_ORIGINAL),
                settings.get(DOWNLOAD_CACHE),
                settings.get(DOWNLOAD_CACHE_FOLDER));
    }

    /** A single text may hold several, separated by blanks, as in an environment variable. */
    private static Stream<String> words(String text) {
        return Stream.of(text.strip().split("\\s+", -1)).filter(word -> !word.isEmpty());
    }

    private static List<String> names(List<String> packages) {
        return packages.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(Requirement::normalName)
                .toList();
    }

    private static Setting<List<String>> texts(String key, List<String> defaultValue, String description) {
        return Setting.of(key, ValueTypes.list(ValueTypes.TEXT), defaultValue, description);
    }
}
