// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;

/**
 * Finds the source of torch builds for this machine's CUDA. Builds exist for some versions of CUDA only, and one for
 * an earlier version works with a later driver, so versions are asked for downwards. A machine without CUDA needs none
 * of this: the usual index serves it.
 */
public final class TorchSource {

    private static final Set<String> PACKAGES =
            Set.of("torch", "torchvision", "torchaudio", "torchcsprng", "torchtext");
    private static final int STEPS = 15;

    /** Behind a slow proxy the default index, which has CUDA builds too, is better than a longer search. */
    private static final Duration LONGEST_SEARCH = Duration.ofSeconds(15);

    private static final Pattern PINNED =
            Pattern.compile("([A-Za-z0-9._-]+\\s*(?:\\[[^]]*])?)\\s*==\\s*([0-9][0-9.]*)(?:\\+[a-z0-9.]+)?\\s*(;.*)?");

    private final TorchRules settings;
    private final Probe probe;
    private final InstantSource clock;

    /** A search by rules. */
    public TorchSource(TorchRules settings, Probe probe, InstantSource clock) {
        this.settings = settings;
        this.probe = probe;
        this.clock = clock;
    }

    /** The answer of an address. */
    public enum Answer {
        /** The address has builds. */
        PRESENT,
        /** The address has no builds. */
        ABSENT,
        /** The server does not answer, so other versions are not tried there. */
        UNREACHABLE
    }

    /** Asks an address. */
    @FunctionalInterface
    public interface Probe {
        /** Ask; returns within a few seconds. */
        Answer ask(String address) throws InterruptedException;
    }

    /**
     * The option that brings torch's builds, as a line of a requirements file. The console shows the decision in one line.
     *
     * @param cuda digits such as 124, 0 without CUDA
     */
    public Optional<String> option(RequirementSet required, int cuda, Console console) throws InterruptedException {
        boolean wanted = required.requirements().stream().anyMatch(TorchSource::isTorch);
        if (cuda == 0 || !wanted) {
            return Optional.empty();
        }
        return switch (settings.resolve()) {
            case PIP ->
                first(settings.nightly() ? settings.nightlyIndex() : settings.index(), cuda, console)
                        .map(address -> "--extra-index-url " + address);
            case DIRECT ->
                first(settings.nightly() ? settings.nightlyPage() : settings.page(), cuda, console)
                        .map(address -> "--find-links " + address);
            case NONE -> {
                console.line("torch like any other package (agent.package_manager.pytorch_resolve is none)");
                yield Optional.empty();
            }
        };
    }

    private Optional<String> first(String template, int cuda, Console console) throws InterruptedException {
        Instant deadline = clock.instant().plus(LONGEST_SEARCH);
        for (int version = cuda; version > cuda - STEPS && version > 0; version--) {
            String address = template.replace("{}", String.valueOf(version));
            Answer answer = clock.instant().isAfter(deadline) ? Answer.UNREACHABLE : probe.ask(address);
            switch (answer) {
                case PRESENT -> {
                    console.line(
                            "torch for CUDA " + dotted(version) + " from " + Requirement.withoutCredentials(address)
                                    + ", since this machine has CUDA " + dotted(cuda));
                    return Optional.of(address);
                }
                case ABSENT -> {}
                case UNREACHABLE -> {
                    console.line("torch from the usual index, since " + Requirement.withoutCredentials(address)
                            + " does not answer; set agent.package_manager.extra_index_url_template to a mirror, or "
                            + "agent.package_manager.pytorch_resolve to none");
                    return Optional.empty();
                }
            }
        }
        console.line("torch from the usual index, since " + Requirement.withoutCredentials(template)
                + " has no builds for CUDA " + dotted(cuda) + " or the versions before it");
        return Optional.empty();
    }

    private static String dotted(int version) {
        return version / 10 + "." + version % 10;
    }

    /** Requirements as the source needs them: a version pinned for another build of the same release loosened. */
    public static RequirementSet loosened(RequirementSet required) {
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
