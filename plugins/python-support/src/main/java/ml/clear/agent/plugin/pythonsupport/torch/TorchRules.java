// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.python.TorchSettings;
import ml.clear.agent.api.python.TorchSettings.Resolve;
import ml.clear.agent.plugin.pythonsupport.Version;

/**
 * Where builds of torch are, and which ones count.
 *
 * @param resolve by an index of its own, by a page of links, or like any other package
 * @param nightly whether nightly builds count where no release fits
 * @param allowCpu whether builds for the CPU count where no other fits
 * @param table the known releases
 * @param cuda templates of addresses for CUDA, {@code {}} for the digits of its version
 * @param rocm the same for ROCm, {@code {}} for its version
 */
record TorchRules(
        Resolve resolve, boolean nightly, boolean allowCpu, TorchTable table, Templates cuda, Templates rocm) {

    /**
     * Templates of addresses.
     *
     * @param index of an index
     * @param nightlyIndex of an index of nightly builds
     * @param page of a page of links
     * @param nightlyPage of a page of links to nightly builds
     */
    record Templates(String index, String nightlyIndex, String page, String nightlyPage) {}

    static TorchRules of(Settings settings) {
        String rocm = settings.get(TorchSettings.ROCM_INDEX);
        String nightlyRocm = settings.get(TorchSettings.NIGHTLY_ROCM_INDEX);
        return new TorchRules(
                settings.get(TorchSettings.RESOLVE),
                settings.get(TorchSettings.NIGHTLY),
                settings.get(TorchSettings.ALLOW_CPU),
                TorchTable.of(settings.get(TorchSettings.BUILDS)),
                new Templates(
                        settings.get(TorchSettings.INDEX),
                        settings.get(TorchSettings.NIGHTLY_INDEX),
                        settings.get(TorchSettings.PAGE),
                        settings.get(TorchSettings.NIGHTLY_PAGE)),
                new Templates(rocm, nightlyRocm, rocm, nightlyRocm));
    }

    /** The place of the builds for a version of an accelerator. */
    String place(Accelerator.Kind kind, Version version, boolean nightlyBuilds) {
        Templates templates = kind == Accelerator.Kind.ROCM ? rocm : cuda;
        String template = resolve == Resolve.DIRECT
                ? (nightlyBuilds ? templates.nightlyPage() : templates.page())
                : (nightlyBuilds ? templates.nightlyIndex() : templates.index());
        String name = kind == Accelerator.Kind.ROCM
                ? version.text()
                : version.prefix(2).replace(".", "");
        return template.replace("{}", name);
    }
}
