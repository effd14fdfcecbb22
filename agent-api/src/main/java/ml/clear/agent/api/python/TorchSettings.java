// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.Stability;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;

/** The settings about builds of torch that every package manager reads, and none declares: the agent does. */
@Stability.Incubating(since = "0.1")
public final class TorchSettings {

    /** The ways to find a build. */
    public enum Resolve {
        /** By the index of the CUDA version. */
        PIP,
        /** By the page of links of the CUDA version. */
        DIRECT,
        /** As any other package. */
        NONE
    }

    /** How builds are found. */
    public static final Setting<Resolve> RESOLVE = Setting.of(
                    "agent.package_manager.pytorch_resolve",
                    ValueTypes.choice(Resolve.class),
                    Resolve.PIP,
                    "How torch is found on a machine with CUDA: by its own index, by its page of links, or not specially")
            .environment("CLEARML_AGENT_PACKAGE_PYTORCH_RESOLVE");

    /** Whether nightly builds count. */
    public static final Setting<Boolean> NIGHTLY = Setting.of(
            "agent.package_manager.torch_nightly",
            ValueTypes.BOOLEAN,
            false,
            "Take torch from its nightly builds on a machine with CUDA");

    /** The index of a CUDA version. */
    public static final Setting<String> INDEX =
            template("extra_index_url_template", "https://download.pytorch.org/whl/cu{}/");

    /** The index of nightly builds of a CUDA version. */
    public static final Setting<String> NIGHTLY_INDEX =
            template("nightly_extra_index_url_template", "https://download.pytorch.org/whl/nightly/cu{}/");

    /** The page of links of a CUDA version. */
    public static final Setting<String> PAGE =
            template("torch_page", "https://download.pytorch.org/whl/cu{}/torch_stable.html");

    /** The page of links to nightly builds of a CUDA version. */
    public static final Setting<String> NIGHTLY_PAGE =
            template("torch_nightly_page", "https://download.pytorch.org/whl/nightly/cu{}/torch_nightly.html");

    /** Keys of the Python agent for cases that need no address here. */
    private static final List<String> RETIRED = List.of(
            "rocm_extra_index_url_template",
            "nightly_rocm_extra_index_url_template",
            "torch_url_template_prefix",
            "torch_url_template");

    private TorchSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
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

    private static Setting<String> template(String name, String defaultValue) {
        return Setting.of(
                "agent.package_manager." + name,
                ValueTypes.TEXT,
                defaultValue,
                "Address of builds of torch, where {} stands for the digits of the CUDA version");
    }
}
