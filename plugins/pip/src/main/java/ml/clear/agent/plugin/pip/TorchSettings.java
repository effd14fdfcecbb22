// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;

/**
 * How the builds of torch for a version of CUDA are found.
 *
 * @param resolve by an index of its own, by a page of links, or like any other package
 * @param nightly whether nightly builds count
 * @param index template of the index, {@code {}} for the digits of the CUDA version
 * @param nightlyIndex the same for nightly builds
 * @param page template of the page of links
 * @param nightlyPage the same for nightly builds
 */
record TorchSettings(
        Resolve resolve, boolean nightly, String index, String nightlyIndex, String page, String nightlyPage) {

    /** The ways to find a build. */
    enum Resolve {
        /** By the index of the CUDA version. */
        PIP,
        /** By the page of links of the CUDA version. */
        DIRECT,
        /** As any other package. */
        NONE
    }

    static final Setting<Resolve> RESOLVE = Setting.of(
                    "agent.package_manager.pytorch_resolve",
                    ValueTypes.choice(Resolve.class),
                    Resolve.PIP,
                    "How torch is found on a machine with CUDA: by its own index, by its page of links, or not specially")
            .environment("CLEARML_AGENT_PACKAGE_PYTORCH_RESOLVE");

    static final Setting<Boolean> NIGHTLY = Setting.of(
            "agent.package_manager.torch_nightly",
            ValueTypes.BOOLEAN,
            false,
            "Take torch from its nightly builds on a machine with CUDA");

    static final Setting<String> INDEX = template("extra_index_url_template", "https://download.pytorch.org/whl/cu{}/");
    static final Setting<String> NIGHTLY_INDEX =
            template("nightly_extra_index_url_template", "https://download.pytorch.org/whl/nightly/cu{}/");
    static final Setting<String> PAGE =
            template("torch_page", "https://download.pytorch.org/whl/cu{}/torch_stable.html");
    static final Setting<String> NIGHTLY_PAGE =
            template("torch_nightly_page", "https://download.pytorch.org/whl/nightly/cu{}/torch_nightly.html");

    /** Keys of the Python agent for cases that need no address here. */
    private static final List<String> RETIRED = List.of(
            "rocm_extra_index_url_template",
            "nightly_rocm_extra_index_url_template",
            "torch_url_template_prefix",
            "torch_url_template");

    static List<Setting<?>> all() {
        List<Setting<?>> settings =
                new ArrayList<>(List.of(RESOLVE, NIGHTLY, INDEX, NIGHTLY_INDEX, PAGE, NIGHTLY_PAGE));
        for (String name : RETIRED) {
            settings.add(Setting.of(
                    "agent.package_manager." + name,
                    ValueTypes.TEXT,
                    "",
                    "Has no effect; accepted so that existing files load"));
        }
        return settings;
    }

    static TorchSettings of(Settings settings) {
        return new TorchSettings(
                settings.get(RESOLVE),
                settings.get(NIGHTLY),
                settings.get(INDEX),
                settings.get(NIGHTLY_INDEX),
                settings.get(PAGE),
                settings.get(NIGHTLY_PAGE));
    }

    private static Setting<String> template(String name, String defaultValue) {
        return Setting.of(
                "agent.package_manager." + name,
                ValueTypes.TEXT,
                defaultValue,
                "Address of builds of torch, where {} stands for the digits of the CUDA version");
    }
}
