// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.execution.TaskFacts;
import ml.clear.agent.api.task.Container;

/**
 * The image of a task, its arguments and its set-up script: by the command line, the task, the match rules or the defaults.
 *
 * @param image the name of the image
 * @param arguments words for docker that belong to the image
 * @param ofTask whether the arguments are the task's own, and so not trusted
 * @param setupScript lines of shell of the task or of a rule
 * @param isWrittenBack whether the task gets it as its own container
 */
record ImageChoice(String image, List<String> arguments, boolean ofTask, String setupScript, boolean isWrittenBack) {

    /** Copies the list. */
    ImageChoice {
        arguments = List.copyOf(arguments);
    }

    /**
     * Choose.
     *
     * @throws ml.clear.agent.api.error.AgentException {@code CONFIGURATION_INVALID} when a match rule cannot be read
     */
    static ImageChoice of(TaskFacts task, Settings settings) {
        Container wanted = task.container();
        boolean ownImage = !wanted.image().isBlank() && !settings.get(DockerSettings.IGNORE_TASK);
        String commandLine = settings.get(DockerSettings.COMMAND_LINE_IMAGE).strip();
        ImageChoice defaults = ofDefaults(commandLine, settings, wanted.setupScript());
        List<MatchRule> fitting = MatchRule.all(settings.get(DockerSettings.MATCH_RULES)).stream()
                .filter(candidate -> candidate.fits(task))
                .toList();
        boolean updates = settings.get(DockerSettings.WRITE_BACK);
        if (!ownImage) {
            return fitting.stream()
                    .filter(rule -> rule.forced() || commandLine.isEmpty())
                    .findFirst()
                    .map(rule -> rule.over(defaults, updates))
                    .orElse(defaults);
        }
        ImageChoice own = ofTask(wanted);
        Stream<ImageChoice> configured =
                Stream.concat(Stream.of(defaults), fitting.stream().map(rule -> rule.over(defaults, updates)));
        ImageChoice chosen = configured.anyMatch(own::isSameContainer) ? own.trusted() : own;
        return fitting.stream()
                .filter(MatchRule::forced)
                .findFirst()
                .map(rule -> rule.over(chosen, updates))
                .orElse(chosen);
    }

    private boolean isSameContainer(ImageChoice other) {
        return image.equals(other.image) && arguments.equals(other.arguments);
    }

    /** What an earlier run wrote into the task came from the configuration, and allows no more than that does. */
    private ImageChoice trusted() {
        return new ImageChoice(image, arguments, false, setupScript, false);
    }

    /** As a task has it. */
    Container container() {
        String words = arguments.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
        return new Container(image, words, setupScript);
    }

    /** The image of a task may be followed by arguments, as older servers have both in one text. */
    private static ImageChoice ofTask(Container wanted) {
        List<String> words = ShellWords.split(wanted.image());
        List<String> arguments = new ArrayList<>(words.subList(1, words.size()));
        arguments.addAll(ShellWords.split(wanted.arguments()));
        return new ImageChoice(words.getFirst(), arguments, true, wanted.setupScript(), false);
    }

    private static ImageChoice ofDefaults(String commandLine, Settings settings, String script) {
        List<String> words = ShellWords.split(commandLine.isEmpty() ? settings.get(DockerSettings.IMAGE) : commandLine);
        List<String> own = words.subList(Math.min(1, words.size()), words.size());
        List<String> arguments =
                own.isEmpty() ? settings.get(DockerSettings.ARGUMENTS).orElse(List.of()) : own;
        return new ImageChoice(words.isEmpty() ? "" : words.getFirst(), arguments, false, script, true);
    }
}
