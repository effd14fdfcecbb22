// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.plugin.pythonsupport.Version;

/**
 * One release of torch.
 *
 * @param torch its version
 * @param vision the version of torchvision that belongs to it
 * @param audio the version of torchaudio that belongs to it
 * @param firstPython the oldest Python that it has builds for, such as {@code 3.9}
 * @param lastPython the newest one
 * @param builds its builds; the first one is in the usual index
 */
record TorchRelease(
        Version torch, Version vision, Version audio, Version firstPython, Version lastPython, List<Build> builds) {

    TorchRelease {
        builds = List.copyOf(builds);
        if (builds.isEmpty()) {
            throw new IllegalArgumentException("release " + torch + " of torch has no builds");
        }
    }

    /**
     * A build for a kind and a version of accelerators.
     *
     * @param name as it stands in addresses and local versions, such as {@code cu121}
     * @param kind the kind
     * @param version such as {@code 12.1}
     */
    record Build(String name, Accelerator.Kind kind, Version version) {

        /** Whether it runs where this accelerator is. */
        boolean runsOn(Accelerator accelerator) {
            return kind == accelerator.kind() && version.compareTo(accelerator.version()) <= 0;
        }

        /** Whether drivers of this major version run it, as those for CUDA 11 and later do. */
        boolean compatible(Accelerator accelerator) {
            int major = version.release().getFirst();
            return runsOn(accelerator)
                    || (kind == Accelerator.Kind.CUDA
                            && kind == accelerator.kind()
                            && major >= 11
                            && major == accelerator.version().release().getFirst());
        }
    }

    boolean supports(Version python) {
        Version series = Version.of(python.prefix(2)).orElseThrow();
        return series.compareTo(firstPython) >= 0 && series.compareTo(lastPython) <= 0;
    }

    /** The newest build that runs on an accelerator. */
    Optional<Build> buildFor(Accelerator accelerator) {
        return builds.stream().filter(build -> build.runsOn(accelerator)).max(Comparator.comparing(Build::version));
    }

    /** The build in the usual index. */
    Build usual() {
        return builds.getFirst();
    }

    /** The version of torch or of a companion; empty for packages that have releases of their own. */
    Optional<Version> versionOf(String name) {
        return switch (name) {
            case "torch" -> Optional.of(torch);
            case "torchvision" -> Optional.of(vision);
            case "torchaudio" -> Optional.of(audio);
            default -> Optional.empty();
        };
    }
}
