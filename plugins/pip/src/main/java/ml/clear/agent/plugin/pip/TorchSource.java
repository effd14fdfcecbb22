// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * Finds where torch for this machine's CUDA comes from. Builds exist for some versions of CUDA only, and one for an
 * earlier version works with a later driver, so versions are asked for downwards. A machine without CUDA needs none of
 * this: the usual index serves it.
 */
final class TorchSource {

    private static final Set<String> PACKAGES =
            Set.of("torch", "torchvision", "torchaudio", "torchcsprng", "torchtext");
    private static final int STEPS = 15;
    private static final Pattern PINNED =
            Pattern.compile("([A-Za-z0-9._-]+\\s*(?:\\[[^]]*])?)\\s*==\\s*([0-9][0-9.]*)(?:\\+[a-z0-9.]+)?\\s*(;.*)?");

    private final TorchSettings settings;
    private final Probe probe;

    TorchSource(TorchSettings settings, Probe probe) {
        this.settings = settings;
        this.probe = probe;
    }

    /** Asks whether an address exists. */
    @FunctionalInterface
    interface Probe {
        /** True when the address answers with success. */
        boolean exists(String address) throws InterruptedException;
    }

    /**
     * The option that brings torch's builds, as a line of a requirements file.
     *
     * @param cuda digits such as 124, 0 without CUDA
     */
    Optional<String> option(RequirementSet required, int cuda) throws InterruptedException {
        boolean wanted = required.requirements().stream().anyMatch(TorchSource::isTorch);
        if (cuda == 0 || !wanted) {
            return Optional.empty();
        }
        return switch (settings.resolve()) {
            case PIP ->
                first(settings.nightly() ? settings.nightlyIndex() : settings.index(), cuda)
                        .map(address -> "--extra-index-url " + address);
            case DIRECT ->
                first(settings.nightly() ? settings.nightlyPage() : settings.page(), cuda)
                        .map(address -> "--find-links " + address);
            case NONE -> Optional.empty();
        };
    }

    private Optional<String> first(String template, int cuda) throws InterruptedException {
        for (int version = cuda; version > cuda - STEPS && version > 0; version--) {
            String address = template.replace("{}", String.valueOf(version));
            if (probe.exists(address)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /** Requirements as the source needs them: a version pinned for another build of the same release loosened. */
    static RequirementSet loosened(RequirementSet required) {
        List<Requirement> loosened = required.requirements().stream()
                .map(requirement -> isTorch(requirement) ? loosened(requirement) : requirement)
                .toList();
        return new RequirementSet(loosened, required.options(), required.constraints(), required.notes());
    }

    private static Requirement loosened(Requirement requirement) {
        Matcher pinned = PINNED.matcher(requirement.text());
        if (!pinned.matches()) {
            return requirement;
        }
        boolean complete = pinned.group(2).split("\\.", -1).length >= 3;
        String text = pinned.group(1) + "==" + pinned.group(2) + (complete ? ".*" : "")
                + (pinned.group(3) == null ? "" : " " + pinned.group(3));
        return new Requirement(requirement.kind(), requirement.name(), text, requirement.origin());
    }

    private static boolean isTorch(Requirement requirement) {
        return requirement.kind() == Requirement.Kind.PACKAGE && PACKAGES.contains(requirement.name());
    }
}
