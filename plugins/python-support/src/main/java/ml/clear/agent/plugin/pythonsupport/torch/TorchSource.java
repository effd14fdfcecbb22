// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.TorchSettings;
import ml.clear.agent.api.python.TorchSettings.Resolve;
import ml.clear.agent.plugin.pythonsupport.Interpreter;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.torch.TorchRelease.Build;
import ml.clear.agent.plugin.pythonsupport.torch.TorchRequest.Line;

/**
 * Chooses the build of torch for the accelerator of this machine: the newest release that the requirements and the interpreter
 * allow and that has a build for the accelerator or an older version of it. The releases are in a table, so that at most one
 * address is asked; versions that the table does not know are searched for. A machine with a GPU gets no build for the CPU unless
 * a setting allows it.
 */
public final class TorchSource {

    private static final int STEPS = 15;

    /** Addresses that drop packets cost a time-out each. */
    private static final Duration LONGEST_SEARCH = Duration.ofSeconds(15);

    private final TorchRules rules;
    private final Probe probe;
    private final InstantSource clock;

    /** A choice by settings. */
    public TorchSource(Settings settings, Probe probe, InstantSource clock) {
        this.rules = TorchRules.of(settings);
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
     * Decide.
     *
     * @param offline whether no index is asked, so that the folders that the task or the configuration names must do
     * @throws AgentException {@code REQUIREMENTS_UNSATISFIABLE} when no build fits the accelerator
     */
    public TorchDecision decide(
            RequirementSet required, Interpreter interpreter, Accelerator accelerator, boolean offline)
            throws InterruptedException {
        TorchRequest request = TorchRequest.of(required, interpreter.markers());
        if (request.isEmpty()) {
            return new TorchDecision(required, List.of(), "");
        }
        if (rules.resolve() == Resolve.NONE) {
            return new TorchDecision(
                    required,
                    List.of(),
                    "torch like any other package (agent.package_manager.pytorch_resolve is none)");
        }
        RequirementSet anyBuild = request.replaced(required, Line::withoutBuild);
        if (accelerator.kind() == Accelerator.Kind.CPU) {
            return new TorchDecision(
                    anyBuild, List.of(), "torch from the usual index, because " + accelerator.evidence());
        }
        if (offline) {
            return new TorchDecision(
                    anyBuild, List.of(), "torch from the given folders, because no index is asked (--no-index)");
        }
        return new Choice(required, anyBuild, request, interpreter, accelerator).make();
    }

    /** One decision for a machine with an accelerator. */
    private final class Choice {

        private final RequirementSet required;
        private final RequirementSet anyBuild;
        private final TorchRequest request;
        private final Interpreter interpreter;
        private final Accelerator accelerator;

        Choice(
                RequirementSet required,
                RequirementSet anyBuild,
                TorchRequest request,
                Interpreter interpreter,
                Accelerator accelerator) {
            this.required = required;
            this.anyBuild = anyBuild;
            this.request = request;
            this.interpreter = interpreter;
            this.accelerator = accelerator;
        }

        TorchDecision make() throws InterruptedException {
            List<TorchRelease> allowed =
                    rules.table().releases().stream().filter(request::allows).toList();
            List<TorchRelease> here = allowed.stream()
                    .filter(release -> release.supports(interpreter.version()))
                    .toList();
            Optional<TorchRelease> fitting = newest(here);
            if (fitting.isPresent()) {
                return of(fitting.get(), fitting.get().buildFor(accelerator).orElseThrow(), here);
            }
            if (allowed.isEmpty()) {
                return search(false).orElseGet(this::unknown);
            }
            return nightly().orElseGet(() -> usual(why(allowed, here)));
        }

        /** Builds of an older major version run too, but do not know the newest GPUs: they are the second choice. */
        private Optional<TorchRelease> newest(List<TorchRelease> here) {
            int major = accelerator.version().release().getFirst();
            return here.stream()
                    .filter(release -> release.buildFor(accelerator)
                            .filter(build -> build.version().release().getFirst() == major)
                            .isPresent())
                    .findFirst()
                    .or(() -> here.stream()
                            .filter(release -> release.buildFor(accelerator).isPresent())
                            .findFirst());
        }

        /** The build in its own index; when that cannot be asked, the one in the usual index if drivers can run it. */
        private TorchDecision of(TorchRelease release, Build build, List<TorchRelease> here)
                throws InterruptedException {
            String place = rules.place(build.kind(), build.version(), false);
            Answer answer = ask(place);
            if (answer == Answer.PRESENT) {
                return new TorchDecision(
                        pinned(release, "+" + build.name()),
                        List.of(option(place)),
                        "torch " + release.torch() + " for " + title(build) + " from "
                                + Requirement.withoutCredentials(place) + ", because " + accelerator.evidence());
            }
            String problem = Requirement.withoutCredentials(place)
                    + (answer == Answer.ABSENT ? " has no builds" : " does not answer");
            Optional<TorchRelease> usual = here.stream()
                    .filter(one -> usualHasGpuBuilds() && one.usual().compatible(accelerator))
                    .findFirst();
            if (usual.isPresent()) {
                return new TorchDecision(
                        pinned(usual.get(), ""),
                        List.of(),
                        "torch " + usual.get().torch() + " for "
                                + title(usual.get().usual()) + " from the usual index, because " + problem + " and "
                                + accelerator.evidence());
            }
            return usual(problem);
        }

        private RequirementSet pinned(TorchRelease release, String build) {
            return request.replaced(
                    required,
                    line -> release.versionOf(line.name())
                            .map(version -> line.exactly(version.text() + build))
                            .orElseGet(line::withoutBuild));
        }

        /** Wheels of the usual index have CUDA on this architecture alone. */
        private boolean usualHasGpuBuilds() {
            return accelerator.kind() == Accelerator.Kind.CUDA
                    && interpreter
                            .markers()
                            .getOrDefault("platform_machine", "x86_64")
                            .equals("x86_64");
        }

        private Optional<TorchDecision> nightly() throws InterruptedException {
            return rules.nightly() ? search(true) : Optional.empty();
        }

        /** Versions that the table does not know: the index for the accelerator, else for the versions before it. */
        private Optional<TorchDecision> search(boolean nightlyBuilds) throws InterruptedException {
            Instant deadline = clock.instant().plus(LONGEST_SEARCH);
            for (Version version : downwards()) {
                String place = rules.place(accelerator.kind(), version, nightlyBuilds);
                Answer answer = clock.instant().isAfter(deadline) ? Answer.UNREACHABLE : ask(place);
                if (answer == Answer.UNREACHABLE) {
                    break;
                }
                if (answer == Answer.PRESENT) {
                    List<String> options = new ArrayList<>(List.of(option(place)));
                    if (nightlyBuilds) {
                        options.add("--pre");
                    }
                    return Optional.of(new TorchDecision(
                            anyBuild,
                            options,
                            (nightlyBuilds ? "nightly torch for " : "torch for ")
                                    + accelerator.kind().title() + " " + version + " from "
                                    + Requirement.withoutCredentials(place) + ", because " + accelerator.evidence()));
                }
            }
            return Optional.empty();
        }

        private List<Version> downwards() {
            List<Version> versions = new ArrayList<>();
            int digits = accelerator.version().release().getFirst() * 10
                    + (accelerator.version().release().size() > 1
                            ? accelerator.version().release().get(1)
                            : 0);
            for (int value = digits; value > digits - STEPS && value > 0; value--) {
                versions.add(Version.of(value / 10 + "." + value % 10).orElseThrow());
            }
            return versions;
        }

        private String why(List<TorchRelease> allowed, List<TorchRelease> here) {
            if (here.isEmpty()) {
                return "its builds are for Python " + allowed.getFirst().firstPython() + " to "
                        + allowed.getFirst().lastPython() + ", not " + interpreter.series();
            }
            List<String> builds = here.stream()
                    .flatMap(release -> release.builds().stream())
                    .filter(build -> build.kind() == accelerator.kind())
                    .map(this::title)
                    .distinct()
                    .toList();
            return builds.isEmpty()
                    ? "it has no builds for " + accelerator.kind().title()
                    : "its builds are for " + String.join(", ", builds);
        }

        /** The usual index has CUDA builds of every release, though perhaps not for this driver. */
        private TorchDecision unknown() {
            return usualHasGpuBuilds()
                    ? new TorchDecision(
                            anyBuild,
                            List.of(),
                            "torch from the usual index, because no index of builds answers for " + request.subject())
                    : usual("no index of builds answers");
        }

        /** The usual index, as a setting allows; an error without it. */
        private TorchDecision usual(String problem) {
            if (rules.allowCpu()) {
                return new TorchDecision(
                        anyBuild,
                        List.of(),
                        "torch from the usual index, perhaps for the CPU, because " + problem + " ("
                                + TorchSettings.ALLOW_CPU.key() + ")");
            }
            throw new AgentException(
                    ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                    "no build of '" + request.subject() + "' for "
                            + accelerator.kind().title() + " "
                            + accelerator.version() + ": " + problem + ", and " + accelerator.evidence()
                            + "; ask for another version, or set " + TorchSettings.ALLOW_CPU.key());
        }

        private String title(Build build) {
            return build.kind().title() + " " + build.version();
        }
    }

    private String option(String place) {
        return (rules.resolve() == Resolve.DIRECT || isFolder(place) ? "--find-links " : "--extra-index-url ") + place;
    }

    private Answer ask(String place) throws InterruptedException {
        if (isFolder(place)) {
            return Files.isDirectory(Path.of(place)) ? Answer.PRESENT : Answer.ABSENT;
        }
        return probe.ask(place);
    }

    /** An offline copy of the builds. */
    private static boolean isFolder(String place) {
        return place.startsWith("/");
    }
}
