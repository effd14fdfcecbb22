// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.python.TorchSettings;
import ml.clear.agent.api.python.TorchSettings.Resolve;

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
public record TorchRules(
        Resolve resolve, boolean nightly, String index, String nightlyIndex, String page, String nightlyPage) {

    /** Read them. */
    public static TorchRules of(Settings settings) {
        return new TorchRules(
                settings.get(TorchSettings.RESOLVE),
                settings.get(TorchSettings.NIGHTLY),
                settings.get(TorchSettings.INDEX),
                settings.get(TorchSettings.NIGHTLY_INDEX),
                settings.get(TorchSettings.PAGE),
                settings.get(TorchSettings.NIGHTLY_PAGE));
    }
}
