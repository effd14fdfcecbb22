// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** The settings about packages that every package manager reads, and none declares: the agent does. */
@Stability.Incubating(since = "0.1")
public final class PackageSettings {

    /** More options of pip install. */
    public static final Setting<List<String>> INSTALL_FLAGS = texts(
                    "agent.package_manager.extra_pip_install_flags",
                    List.of(),
                    "More options for each installation of requirements")
            .environment("CLEARML_EXTRA_PIP_INSTALL_FLAGS");

    /** More indexes. */
    public static final Setting<List<String>> EXTRA_INDEX_URL = texts(
            "agent.package_manager.extra_index_url",
            List.of(),
            "Addresses of package indexes besides the usual one, in the order in which they are asked");

    /** Whether installed packages are brought up to date. */
    public static final Setting<Boolean> FORCE_UPGRADE = Setting.of(
            "agent.package_manager.force_upgrade",
            ValueTypes.BOOLEAN,
            false,
            "Bring packages to their newest version that the requirements allow");

    /** Whether environments see the interpreter's own packages. */
    public static final Setting<Boolean> SYSTEM_SITE_PACKAGES = Setting.of(
            "agent.package_manager.system_site_packages",
            ValueTypes.BOOLEAN,
            false,
            "Let environments see the packages of the interpreter they are made from");

    /** What goes first. */
    public static final Setting<List<String>> PRIORITY_PACKAGES = texts(
            "agent.package_manager.priority_packages",
            List.of("cython", "numpy", "setuptools", "pip", "uv"),
            "Packages that others need while they are built, installed first when building all at once fails");

    /** What goes first, and may fail. */
    public static final Setting<List<String>> PRIORITY_OPTIONAL_PACKAGES = texts(
            "agent.package_manager.priority_optional_packages",
            List.of("pygobject"),
            "Packages to install first and to leave out when that fails");

    /** What goes last. */
    public static final Setting<List<String>> POST_PACKAGES =
            texts("agent.package_manager.post_packages", List.of("horovod"), "Packages to install after all others");

    /** What goes last, and may fail. */
    public static final Setting<List<String>> POST_OPTIONAL_PACKAGES = texts(
            "agent.package_manager.post_optional_packages",
            List.of(),
            "Packages to install after all others and to leave out when that fails");

    /** Whether requirements come from the repository's files rather than from the task. */
    public static final Setting<Boolean> FORCE_REPOSITORY_FILES = Setting.of(
            "agent.package_manager.force_repo_requirements_txt",
            ValueTypes.BOOLEAN,
            false,
            "Take requirements from the files of the repository even when the task has its own");

    /** Whether the requirements from before the first run of the task are used. */
    public static final Setting<Boolean> FORCE_ORIGINAL = Setting.of(
            "agent.package_manager.force_original_requirements",
            ValueTypes.BOOLEAN,
            false,
            "Take the requirements that the task had before its first run");

    /** Whether pip keeps what it downloads. */
    public static final Setting<Boolean> DOWNLOAD_CACHE = Setting.of(
            "agent.pip_download_cache.enabled", ValueTypes.BOOLEAN, true, "Keep what pip downloads for the next time");

    /** Where pip keeps it. */
    public static final Setting<Path> DOWNLOAD_CACHE_FOLDER = Setting.of(
            "agent.pip_download_cache.path",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.clearml/pip-download-cache"),
            "Folder in which pip keeps what it downloads");

    /** Where ready environments are kept for later tasks; empty for nowhere. */
    public static final Setting<String> ENVIRONMENT_CACHE = Setting.of(
                    "agent.venvs_cache.path",
                    ValueTypes.TEXT,
                    "~/.clearml/venvs-cache",
                    "Folder that keeps environments for later tasks, best on the disk of agent.venvs_dir; empty for none")
            .environment("CLEARML_AGENT_VENV_CACHE_PATH");

    /** How long an installer may run. */
    public static final Setting<Duration> INSTALL_TIMEOUT = Setting.of(
            "agent.package_manager.install_timeout",
            ValueTypes.duration(ChronoUnit.SECONDS),
            Duration.ofHours(6),
            "Longest time one run of an installer may take; it is killed then, and the task fails with a reason of its own");

    /** Whether uv installs requirements in pip's place. */
    public static final Setting<Boolean> UV_REPLACE_PIP = Setting.of(
            "agent.package_manager.uv_replace_pip",
            ValueTypes.BOOLEAN,
            false,
            "Install requirements with uv in place of pip where no lock file applies");

    private PackageSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                INSTALL_FLAGS,
                EXTRA_INDEX_URL,
                FORCE_UPGRADE,
                SYSTEM_SITE_PACKAGES,
                PRIORITY_PACKAGES,
                PRIORITY_OPTIONAL_PACKAGES,
                POST_PACKAGES,
                POST_OPTIONAL_PACKAGES,
                FORCE_REPOSITORY_FILES,
                FORCE_ORIGINAL,
                DOWNLOAD_CACHE,
                DOWNLOAD_CACHE_FOLDER,
                INSTALL_TIMEOUT,
                UV_REPLACE_PIP);
    }

    private static Setting<List<String>> texts(String key, List<String> defaultValue, String description) {
        return Setting.of(key, ValueTypes.list(ValueTypes.TEXT), defaultValue, description);
    }
}
