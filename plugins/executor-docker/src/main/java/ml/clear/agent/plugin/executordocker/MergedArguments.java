// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.plugin.executordocker.RunArguments.Given;

/** Merges the arguments of the agent with those of the image and the task, as the settings about arguments say. */
final class MergedArguments {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)\\}|([A-Za-z_][A-Za-z0-9_]*))");

    private final Settings settings;
    private final Map<String, String> environment;
    private final ArgumentPolicy policy;
    private final UnaryOperator<String> templates;
    private final List<String> notes = new ArrayList<>();

    /**
     * For one container.
     *
     * @param environment the agent's own variables
     * @param templates fills the templates of a value
     */
    MergedArguments(
            Settings settings,
            Map<String, String> environment,
            ArgumentPolicy policy,
            UnaryOperator<String> templates) {
        this.settings = settings;
        this.environment = environment;
        this.policy = policy;
        this.templates = templates;
    }

    /**
     * Merge.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code TASK_INVALID} when a word is wrong or refused
     */
    RunArguments of(ImageChoice choice) {
        RunArguments extra = expanded(
                RunArguments.parse(
                        settings.get(DockerSettings.EXTRA_ARGUMENTS).orElse(List.of()),
                        DockerSettings.EXTRA_ARGUMENTS.key()),
                true);
        String origin = choice.ofTask() ? "the container of the task" : "the container of the configuration";
        RunArguments own = RunArguments.parse(choice.arguments(), origin);
        if (choice.ofTask()) {
            own = allowed(own);
        }
        own = expanded(
                own,
                !choice.ofTask()
                        || settings.get(DockerSettings.HOST_ENVIRONMENT).orElse(false));
        extra = filled(withoutForbidden(extra));
        own = filled(withoutForbidden(own));
        if (choice.ofTask() && !settings.get(DockerSettings.TRUST_TASKS)) {
            policy.check(own);
        }
        return settings.get(DockerSettings.EXTRA_FIRST)
                ? extra.and(withoutProtected(own, extra))
                : own.and(withoutProtected(extra, own));
    }

    /** What to report about arguments that were left out. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    private RunArguments allowed(RunArguments own) {
        Optional<List<String>> filters = settings.get(DockerSettings.FILTERS);
        if (filters.isEmpty()) {
            return own;
        }
        List<Pattern> patterns = filters.get().stream().map(Pattern::compile).toList();
        return leavingOut(
                own,
                "agent.docker_args_filters allows no",
                given -> spellings(given).stream()
                        .anyMatch(text -> patterns.stream()
                                .anyMatch(pattern -> pattern.matcher(text).lookingAt())));
    }

    /** Every way in which the option may be written, since patterns are written for words. */
    private static List<String> spellings(Given given) {
        List<String> spellings = new ArrayList<>();
        spellings.add("--" + given.name());
        spellings.add("--" + given.name() + "=" + given.value());
        RunOption.named(given.name())
                .filter(RunOption::hasLetter)
                .ifPresent(option -> spellings.add("-" + option.shortName()));
        return spellings;
    }

    private RunArguments withoutForbidden(RunArguments arguments) {
        Set<String> forbidden = Set.copyOf(settings.get(DockerSettings.FORBIDDEN));
        return leavingOut(arguments, "agent.forbidden_docker_args has", given -> !forbidden.contains(given.name()));
    }

    private RunArguments withoutProtected(RunArguments weaker, RunArguments stronger) {
        Set<String> names = Set.copyOf(settings.get(DockerSettings.PROTECTED));
        return leavingOut(
                weaker,
                "agent.protected_docker_extra_args has",
                given -> !(names.contains(given.name()) && stronger.has(given.name())));
    }

    private RunArguments leavingOut(RunArguments arguments, String why, Predicate<Given> accepted) {
        arguments.given().stream()
                .filter(accepted.negate())
                .map(Given::name)
                .distinct()
                .forEach(name ->
                        notes.add("the container argument --" + name + " is left out: " + why + " '" + name + "'"));
        return arguments.filtered(accepted);
    }

    /** A variable without value is the machine's; it is passed on only where variables of the machine may be used. */
    private RunArguments expanded(RunArguments arguments, boolean ofMachine) {
        List<Given> result = new ArrayList<>();
        for (Given given : arguments.given()) {
            if (!given.name().equals("env")) {
                result.add(given);
            } else if (given.value().contains("=")) {
                result.add(ofMachine ? new Given("env", expanded(given.value())) : given);
            } else if (ofMachine && environment.containsKey(given.value())) {
                result.add(new Given("env", given.value() + "=" + environment.get(given.value())));
            }
        }
        return new RunArguments(result);
    }

    /** Of the values alone, so that what a task is called becomes no option. */
    private RunArguments filled(RunArguments arguments) {
        return new RunArguments(arguments.given().stream()
                .map(given -> new Given(given.name(), templates.apply(given.value())))
                .toList());
    }

    private String expanded(String value) {
        return VARIABLE.matcher(value).replaceAll(match -> {
            String name = match.group(1) == null ? match.group(2) : match.group(1);
            return Matcher.quoteReplacement(environment.getOrDefault(name, match.group()));
        });
    }
}
