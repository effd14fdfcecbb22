// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.python;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
                    "How torch is found on a machine with a GPU: by the index of its builds, by their page of links, or as any package")
            .environment("CLEARML_AGENT_PACKAGE_PYTORCH_RESOLVE");

    /** Whether nightly builds count. */
    public static final Setting<Boolean> NIGHTLY = Setting.of(
            "agent.package_manager.torch_nightly",
            ValueTypes.BOOLEAN,
            false,
            "Take torch from its nightly builds where no release fits the request and the GPU");

    /** Whether torch may come without a build for the GPU. */
    public static final Setting<Boolean> ALLOW_CPU = Setting.of(
            "agent.package_manager.torch_allow_cpu",
            ValueTypes.BOOLEAN,
            false,
            "Take torch from the usual index where no build fits the GPU, which may be a build for the CPU; the task fails "
                    + "otherwise");

    /** The known releases. */
    public static final Setting<Optional<Path>> BUILDS = Setting.optional(
            "agent.package_manager.torch_builds",
            ValueTypes.PATH,
            "File with releases and builds of torch that replaces the agent's own table");

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

    /** The index of a ROCm version. */
    public static final Setting<String> ROCM_INDEX =
            template("rocm_extra_index_url_template", "https://download.pytorch.org/whl/rocm{}/");

    /** The index of nightly builds of a ROCm version. */
    public static final Setting<String> NIGHTLY_ROCM_INDEX =
            template("nightly_rocm_extra_index_url_template", "https://download.pytorch.org/whl/nightly/rocm{}/");

    private TorchSettings() {}

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                RESOLVE,
                NIGHTLY,
                ALLOW_CPU,
                BUILDS,
                INDEX,
                NIGHTLY_INDEX,
                ROCM_INDEX,
                NIGHTLY_ROCM_INDEX,
                PAGE,
                NIGHTLY_PAGE);
    }

    private static Setting<String> template(String name, String defaultValue) {
        return Setting.of(
                "agent.package_manager." + name,
                ValueTypes.TEXT,
                defaultValue,
                "Address or folder of builds of torch, where {} stands for the digits of the CUDA version or for the ROCm version");
    }
}
