// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.api.process.Console;

/** A program that solves and installs packages of channels. Safe for several threads. */
interface CondaClient {

    /** Its name and version, such as {@code conda 24.1.2}. */
    String identity();

    /**
     * Bring packages into an environment.
     *
     * @param order what to install and where
     * @throws ml.clear.agent.api.error.AgentException {@code SERVER_UNAVAILABLE} when a channel cannot be reached
     */
    Attempt install(Order order, Console console) throws InterruptedException;

    /** Which of these names the channels have for other systems only; empty when that cannot be found out. */
    Set<String> elsewhere(List<String> channels, Set<String> names, Console console) throws InterruptedException;

    /** The environment of the client itself. */
    Optional<Path> base() throws InterruptedException;

    /**
     * What to install and where.
     *
     * @param prefix the environment, absolute
     * @param keep whether the environment exists and its other packages stay; otherwise the folder is absent or empty
     * @param channels the preferred one first; may hold passwords
     * @param specs each name at most once
     */
    record Order(Path prefix, boolean keep, List<String> channels, List<CondaSpec> specs) {

        public Order {
            channels = List.copyOf(channels);
            specs = List.copyOf(specs);
        }
    }

    /** How an attempt ended. */
    sealed interface Attempt {

        /** The packages are installed. */
        record Installed() implements Attempt {}

        /**
         * The channels have no package for some of the conditions; nothing was installed.
         *
         * @param names the names in these conditions
         */
        record Missing(Set<String> names) implements Attempt {

            public Missing {
                names = Set.copyOf(names);
            }
        }

        /**
         * The packages exist and exclude each other; nothing was installed.
         *
         * @param reason what the solver says, several lines
         */
        record Unsatisfiable(String reason) implements Attempt {}
    }
}
