// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.plugin.conda.CondaRequirement.Rule;
import ml.clear.agent.plugin.conda.CondaSources.Wanted;
import ml.clear.agent.plugin.pythonsupport.Marker;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementSet;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import ml.clear.agent.plugin.pythonsupport.Version;

/**
 * The packages of a task, divided into those that the channels are asked for and those that pip installs.
 *
 * @param conda what to install from channels; each name once
 * @param pip what pip installs
 * @param notes what was changed or left out and why, for the console
 */
record Division(List<CondaRequirement> conda, RequirementSet pip, List<String> notes) {

    static final String TORCH = "torch";

    private static final Set<String> TORCH_FAMILY =
            Set.of("torch", "pytorch", "torchvision", "torchaudio", "torchtext");
    private static final Set<String> TENSORFLOW = Set.of("tensorflow", "tensorflow-gpu", "tensorflow-cpu");
    private static final Set<String> TOOLKITS = Set.of("cudatoolkit", "cuda-toolkit");
    private static final Set<String> LEFT_TO_THE_SOLVER = Set.of("cudnn", "cupti");
    private static final List<String> BESIDE_MATPLOTLIB = List.of("graphviz", "python-graphviz", "kiwisolver");
    private static final Pattern LOCAL = Pattern.compile("\\+[a-z0-9.]+");
    private static final Pattern FOR_PIP =
            Pattern.compile("-.*|(?:git|hg|svn|bzr)\\+.*|.*\\s@\\s.*|.*\\.(?:whl|zip|tar\\.gz)|[./].*");

    /** CUDA's libraries for the first version that no longer has the package {@code cudatoolkit}, times ten. */
    private static final int WITHOUT_TOOLKIT = 120;

    Division {
        conda = List.copyOf(conda);
        notes = List.copyOf(notes);
    }

    /**
     * What decides about the division besides the lists.
     *
     * @param clearmlChannel whether a channel offers the packages of ClearML, which pip installs otherwise
     * @param cuda the version of CUDA as digits, such as 124; 0 for none
     * @param cudnn the condition on the version of cuDNN, empty for none
     * @param python the condition on the version of Python when no list names it, empty for none
     * @param markers the names of environment markers to their values, as far as they are known
     */
    record Rules(boolean clearmlChannel, int cuda, String cudnn, String python, Map<String, String> markers) {

        Rules {
            markers = Map.copyOf(markers);
        }
    }

    static Division of(Wanted wanted, Rules rules) {
        return new Divider(wanted, rules).divide();
    }

    private static final class Divider {

        private final Wanted wanted;
        private final Rules rules;
        private final Map<String, CondaRequirement> wishes = new LinkedHashMap<>();
        private final List<Requirement> pip = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        Divider(Wanted wanted, Rules rules) {
            this.wanted = wanted;
            this.rules = rules;
        }

        Division divide() {
            wanted.conda().forEach(this::condaLine);
            boolean own = !wishes.isEmpty();
            for (Requirement requirement : wanted.pip().requirements()) {
                if (wanted.strict()) {
                    pip.add(requirement);
                } else if (!own) {
                    pipLine(requirement);
                } else if (!named(condaName(requirement.name()))) {
                    pip.add(requirement); // the channels have what the task lists for conda
                }
            }
            if (!wanted.strict()) {
                companions();
            }
            if (!wishes.containsKey("python")) {
                add(CondaRequirement.required(
                        CondaSpec.any("python").withVersion(rules.python()), "the requested version of Python"));
            }
            if (!wishes.containsKey("pip")) {
                add(CondaRequirement.optional(CondaSpec.any("pip"), ""));
            }
            RequirementSet all = wanted.pip();
            return new Division(
                    List.copyOf(wishes.values()),
                    new RequirementSet(pip, all.options(), all.constraints(), all.notes()),
                    notes);
        }

        private void condaLine(String line) {
            String text = line.replaceFirst("\\s+#.*$", "");
            if (FOR_PIP.matcher(text).matches()) {
                pip.addAll(RequirementsFile.parse(List.of(text), wanted.root(), wanted.origin())
                        .requirements());
                return;
            }
            CondaSpec spec = CondaSpec.parse(text)
                    .orElseThrow(() -> new AgentException(
                            ErrorCode.TASK_INVALID,
                            "'" + text + "' of " + wanted.origin()
                                    + " is no dependency that conda reads; write it as name=version"));
            if (ofClearml(spec.name())) {
                pip.addAll(RequirementsFile.parse(List.of(spec.requirement()), wanted.root(), wanted.origin())
                        .requirements());
            } else if (wanted.strict()) {
                add(CondaRequirement.required(spec, wanted.origin()));
            } else {
                kept(spec).ifPresent(one -> add(wish(one, Rule.REQUIRED, List.of())));
            }
        }

        private void pipLine(Requirement requirement) {
            String[] parts = requirement.text().split(";", 2);
            if (parts.length == 2 && requirement.kind() == Requirement.Kind.PACKAGE) {
                Optional<Boolean> holds = holds(parts[1].strip());
                if (holds.isEmpty()) {
                    pip.add(requirement); // pip decides
                    return;
                }
                if (!holds.get()) {
                    return;
                }
            }
            Optional<CondaSpec> spec = ofClearml(requirement.name()) ? Optional.empty() : CondaSpec.of(requirement);
            if (spec.isEmpty()) {
                pip.add(requirement);
            } else {
                kept(spec.get()).ifPresent(one -> add(wish(one, Rule.OR_PIP, List.of(requirement))));
            }
        }

        /** Empty when it cannot be decided before the version of Python is known, or is no condition at all. */
        private Optional<Boolean> holds(String condition) {
            boolean decided = !condition.contains("python_") || rules.markers().containsKey("python_version");
            return decided ? Marker.holds(condition, rules.markers()) : Optional.empty();
        }

        private boolean ofClearml(String name) {
            return name.startsWith("clearml") && !rules.clearmlChannel();
        }

        /** The toolkits of CUDA in a list belong to the machine on which it was recorded. */
        private Optional<CondaSpec> kept(CondaSpec spec) {
            if (LEFT_TO_THE_SOLVER.contains(spec.name())) {
                notes.add("'" + spec + "' is left to the solver, which brings the one that other packages need");
                return Optional.empty();
            }
            if (TOOLKITS.contains(spec.name()) && !fits(spec)) {
                notes.add("'" + spec + "' is left out, since "
                        + (rules.cuda() == 0
                                ? "this machine has no CUDA"
                                : "this machine has CUDA " + Machine.dotted(rules.cuda())));
                return Optional.empty();
            }
            return Optional.of(spec);
        }

        private boolean fits(CondaSpec spec) {
            Optional<Version> version = Version.of(spec.version().replaceAll("^[=<>~!]+|(\\.\\*)?$", ""));
            return rules.cuda() > 0
                    && version.map(one -> one.release().getFirst() <= rules.cuda() / 10)
                            .orElse(true);
        }

        private CondaRequirement wish(CondaSpec spec, Rule rule, List<Requirement> requirements) {
            String name = spec.name();
            String group = TORCH_FAMILY.contains(name) ? TORCH : "";
            List<CondaSpec> forms = new ArrayList<>();
            if (name.equals("torch") || name.equals("pytorch")) {
                CondaSpec torch = spec.named("pytorch").withVersion(withoutLocal(spec));
                boolean gpu = rules.cuda() > 0 && spec.build().isEmpty();
                forms.add(gpu ? torch.withBuild("*cuda*") : torch);
            } else if (group.equals(TORCH)) {
                forms.add(spec.withVersion(withoutLocal(spec)));
            } else if (TENSORFLOW.contains(name)) {
                if (rules.cuda() > 0) {
                    forms.add(spec.named("tensorflow-gpu"));
                }
                forms.add(spec.named("tensorflow"));
            } else {
                forms.add(spec);
                requirements.stream()
                        .flatMap(Divider::spellings)
                        .filter(spelling -> !spelling.equals(name))
                        .distinct()
                        .forEach(spelling -> forms.add(spec.named(spelling)));
            }
            if (rule == Rule.REQUIRED && !spec.build().isEmpty()) {
                forms.add(forms.getFirst().withBuild("")); // builds of another system have other names
            }
            return new CondaRequirement(forms, rule, group, requirements, wanted.origin());
        }

        /** Indexes treat {@code ruamel.yaml} and {@code ruamel-yaml} as one name, channels do not. */
        private static Stream<String> spellings(Requirement requirement) {
            String written = requirement.text().split("[^A-Za-z0-9._-]", 2)[0];
            return Stream.of(
                    written.toLowerCase(Locale.ROOT), requirement.name().replace('-', '_'));
        }

        private void companions() {
            boolean torch = wishes.containsKey("pytorch");
            if (torch && rules.cuda() == 0) {
                add(CondaRequirement.optional(CondaSpec.any("cpuonly"), TORCH));
            }
            boolean computing = torch || TENSORFLOW.stream().anyMatch(wishes::containsKey);
            if (computing && rules.cuda() > 0 && TOOLKITS.stream().noneMatch(wishes::containsKey)) {
                String version = Machine.dotted(rules.cuda());
                add(CondaRequirement.optional(
                        rules.cuda() < WITHOUT_TOOLKIT
                                ? CondaSpec.any("cudatoolkit").withVersion("==" + version)
                                : CondaSpec.any("cuda-version").withVersion("<=" + version),
                        torch ? TORCH : ""));
            }
            if (computing && rules.cuda() > 0 && !rules.cudnn().isEmpty()) {
                add(CondaRequirement.optional(CondaSpec.any("cudnn").withVersion(rules.cudnn()), torch ? TORCH : ""));
            }
            if (wishes.containsKey("matplotlib")) {
                Stream<String> absent = BESIDE_MATPLOTLIB.stream().filter(name -> !wishes.containsKey(name));
                absent.forEach(name -> add(CondaRequirement.optional(CondaSpec.any(name), "")));
            }
        }

        /** Several lines about one package are one wish with all their conditions. */
        private void add(CondaRequirement wish) {
            wishes.merge(wish.first().name(), wish, (before, now) -> before.and(now));
        }

        private boolean named(String name) {
            String normal = Requirement.normalName(name);
            return wishes.keySet().stream().map(Requirement::normalName).anyMatch(normal::equals);
        }

        private static String condaName(String name) {
            return name.equals("torch") ? "pytorch" : name;
        }

        /** Channels tell the builds of torch apart by their build, indexes by a part of the version such as {@code +cu124}. */
        private static String withoutLocal(CondaSpec spec) {
            return LOCAL.matcher(spec.version()).replaceAll("");
        }
    }
}
