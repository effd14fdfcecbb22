// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.List;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;

/** The options of docker mode that guides tell people to type: known, and refused with what they need. */
final class DockerFlags {

    static final Option DOCKER =
            Option.values("--docker", "image", "run in a container: comes with the docker executor");
    static final Option PODMAN =
            Option.values("--podman", "image", "run in a container of Podman: comes with the docker executor");
    static final Option FORCE_CURRENT_VERSION = Option.flag(
            "--force-current-version", "use this version of the agent in containers: comes with the docker executor");

    /** All of them. */
    static final List<Option> ALL = List.of(DOCKER, PODMAN, FORCE_CURRENT_VERSION);

    private DockerFlags() {}

    /**
     * Refuse a call that has one of them.
     *
     * @throws AgentException {@code COMMAND_LINE_INVALID}
     */
    static void refuse(Invocation invocation) {
        for (Option option : ALL) {
            if (invocation.has(option.name())) {
                throw new AgentException(
                        ErrorCode.COMMAND_LINE_INVALID,
                        option.name()
                                + " belongs to docker mode, which needs the docker executor, and that is not installed;"
                                + " leave it out to run in a virtual environment");
            }
        }
    }
}
