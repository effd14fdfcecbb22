// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.job;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.runtime.checkout.Checkouts;
import ml.clear.agent.runtime.checkout.PreparedCode;
import org.jspecify.annotations.Nullable;

/**
 * Where the code of tasks comes from, and what of it is started.
 *
 * @param folder a folder in which it is, so that nothing is checked out; null for the repository of the task
 * @param entry working folder and entry point in place of those of the task, as {@code folder:file} or {@code file}; empty for
 *     those of the task
 * @param nothingFetched whether a repository that would have to be fetched is an error
 */
public record CodePlace(@Nullable Path folder, String entry, boolean nothingFetched) {

    /** The place that the task names. */
    public static final CodePlace OF_THE_TASK = new CodePlace(null, "", false);

    /** Checks for absence. */
    public CodePlace {
        Objects.requireNonNull(entry);
    }

    PreparedCode prepare(Checkouts checkouts, Script script, Path sources, Console console)
            throws InterruptedException {
        Script started = started(script);
        Optional<Path> place = Optional.ofNullable(folder);
        if (place.isPresent()) {
            console.line("the code in '" + place.get() + "' is used");
            return checkouts.inPlace(started, place.get().toAbsolutePath());
        }
        if (nothingFetched && script.hasRepository()) {
            throw new AgentException(
                    ErrorCode.TASK_INVALID,
                    "nothing is cloned in stand-alone mode, and agent.force_code_dir does not say where the code of '"
                            + Checkouts.addressOf(script) + "' is");
        }
        return checkouts.prepare(started, sources, console);
    }

    private Script started(Script script) {
        if (entry.isEmpty()) {
            return script;
        }
        int colon = entry.indexOf(':');
        return new Script(
                script.binary(),
                script.repository(),
                script.branch(),
                script.tag(),
                script.commit(),
                colon < 0 ? "." : entry.substring(0, colon),
                entry.substring(colon + 1),
                script.diff(),
                script.requirements());
    }
}
