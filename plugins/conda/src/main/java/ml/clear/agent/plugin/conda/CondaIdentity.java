// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.install.PackageOptions;
import ml.clear.agent.plugin.pythonsupport.install.PlanIdentity;

/** Collects everything that affects an environment. Passwords in the addresses of channels and indexes are left out. */
final class CondaIdentity {

    private CondaIdentity() {}

    static SortedMap<String, String> of(CondaWork work) throws InterruptedException {
        PluginContext context = work.context();
        RequirementSet pip = withFallbacks(work.division());
        List<String> options = new ArrayList<>();
        PackageOptions.words(context.settings().get(PackageSettings.EXTRA_INDEX_URL))
                .forEach(index -> options.add("--extra-index-url " + index));
        PackageOptions.words(context.settings().get(PackageSettings.INSTALL_FLAGS))
                .forEach(options::add);
        pip.options().stream().map(Requirement::text).forEach(options::add);
        SortedMap<String, String> identity =
                new TreeMap<>(new PlanIdentity(work.request().sources().root(), context).of(pip, options));
        identity.put("manager", "conda");
        identity.put("client", work.client().identity());
        identity.put("system", Machine.system());
        identity.put("cuda", String.valueOf(work.cuda()));
        identity.put(
                "channels",
                work.channels().stream().map(Channels::withoutSecrets).collect(Collectors.joining("\n")));
        identity.put("channel alias", context.environment().getOrDefault("CONDA_CHANNEL_ALIAS", ""));
        identity.put(
                "packages",
                work.division().conda().stream()
                        .map(wish -> wish.rule() + " " + wish.forms())
                        .sorted()
                        .collect(Collectors.joining("\n")));
        return identity;
    }

    /** With the lines that pip installs when the channels have no such package. */
    private static RequirementSet withFallbacks(Division division) {
        RequirementSet pip = division.pip();
        List<Requirement> all = new ArrayList<>(pip.requirements());
        division.conda().forEach(wish -> all.addAll(wish.requirements()));
        return new RequirementSet(all, pip.options(), pip.constraints(), pip.notes());
    }
}
