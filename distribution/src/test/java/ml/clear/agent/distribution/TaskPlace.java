// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.util.Optional;

/** Where the tasks of a test run: the executor that its daemons use, and how processes there are found from here. */
interface TaskPlace {

    /** Processes of this machine, run by the executor that is the default. */
    TaskPlace THIS_MACHINE = new TaskPlace() {
        @Override
        public AgentHome using(AgentHome home) {
            return home;
        }

        @Override
        public Optional<ProcessHandle> process(String task, long pid) {
            return ProcessHandle.of(pid);
        }
    };

    /** A home whose commands use the executor. */
    AgentHome using(AgentHome home);

    /**
     * A process of a task.
     *
     * @param pid its number as the task knows it
     */
    Optional<ProcessHandle> process(String task, long pid);
}
