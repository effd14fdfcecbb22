// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.List;
import ml.clear.agent.api.task.Requirements;

/**
 * The requirements of a task after the installed packages are recorded: the new lines as lists, and the original
 * requirements under {@code org_pip} and {@code org_conda}, in the form in which they were stored, text or list. The
 * server replaces the whole document, so unknown members are kept.
 */
final class RecordedRequirements {

    private RecordedRequirements() {}

    /**
     * The new document.
     *
     * @param stored what the task has now
     * @param installed what was installed, and what the task asked for
     */
    static Json of(Json stored, Requirements installed) {
        Json.Builder result = Json.object().withAll(stored);
        replace(result, stored, "pip", installed.pip(), installed.originalPip());
        replace(result, stored, "conda", installed.conda(), installed.originalConda());
        return result.build();
    }

    private static void replace(
            Json.Builder result, Json stored, String kind, List<String> installed, List<String> original) {
        String originalKind = "org_" + kind;
        result.with(originalKind, original(stored.at(kind), stored.at(originalKind), original));
        if (installed.isEmpty()) {
            result.without(kind);
        } else {
            result.with(kind, Json.texts(installed));
        }
    }

    private static Json original(Json now, Json alreadyKept, List<String> given) {
        if (isNotBlank(alreadyKept)) {
            return alreadyKept;
        }
        if (given.isEmpty() || given.equals(TaskDocuments.lines(now))) {
            return isNotBlank(now) ? now : new Json.Absent();
        }
        return Json.of(String.join("\n", given));
    }

    private static boolean isNotBlank(Json lines) {
        return TaskDocuments.lines(lines).stream().anyMatch(line -> !line.isBlank());
    }
}
