// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.task;

import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.Stability;

/**
 * The packages that a task asks for, line by line as they were written.
 *
 * @param pip lines in the form of a requirements file
 * @param conda lines in the form of a conda environment's dependencies
 * @param originalPip what {@code pip} was before an earlier run replaced it with what it had installed
 * @param originalConda the same for {@code conda}
 * @param condaEnvironment a whole environment as {@code conda env export --json} writes it, which the SDK stores on request;
 *     empty for none
 */
@Stability.Incubating(since = "0.1")
public record Requirements(
        List<String> pip,
        List<String> conda,
        List<String> originalPip,
        List<String> originalConda,
        String condaEnvironment) {

    /** No requirement at all. */
    public static final Requirements NONE = new Requirements(List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Requirements {
        pip = List.copyOf(pip);
        conda = List.copyOf(conda);
        originalPip = List.copyOf(originalPip);
        originalConda = List.copyOf(originalConda);
        Objects.requireNonNull(condaEnvironment);
    }

    /** Requirements without a whole environment. */
    public Requirements(List<String> pip, List<String> conda, List<String> originalPip, List<String> originalConda) {
        this(pip, conda, originalPip, originalConda, "");
    }

    /** Only pip lines. */
    public static Requirements ofPip(List<String> pip) {
        return new Requirements(pip, List.of(), List.of(), List.of());
    }

    /** Whether the task names no package of any kind. */
    public boolean isEmpty() {
        return pip.stream().allMatch(String::isBlank)
                && conda.stream().allMatch(String::isBlank)
                && condaEnvironment.isBlank();
    }
}
