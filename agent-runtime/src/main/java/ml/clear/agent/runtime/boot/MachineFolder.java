// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.process.ProcessIdentity;
import ml.clear.agent.runtime.process.StateFile;

/**
 * The part of the state folder that belongs to one machine: its executions, its daemons, the tasks it takes out of
 * queues. In a cluster one home folder is often shared by all machines, where the processes of one mean nothing to the
 * others.
 *
 * <p>The first machine that uses a state folder has these in the folder itself, where earlier versions look for them;
 * every other one has its own folder below {@code machines}.
 *
 * @param folder where its state is
 * @param name what its other folders are called in a shared place; empty for the first machine
 */
record MachineFolder(Path folder, String name) {

    private static final String OWNER = "machine.properties";
    private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9._-]");

    /**
     * Find it.
     *
     * @param state the state folder
     * @param machine the name of this machine, which stays when it restarts
     */
    static MachineFolder of(Path state, String machine) {
        try {
            if (isOwner(state, machine)) {
                return new MachineFolder(state, "");
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot use '" + state + "': " + e + "; check agent.state_dir", e);
        }
        String name = UNUSUAL.matcher(machine).replaceAll("_");
        return new MachineFolder(state.resolve("machines").resolve(name), "on-" + name);
    }

    private static boolean isOwner(Path state, String machine) throws IOException {
        Path file = state.resolve(OWNER);
        String boot = ProcessIdentity.current().bootId();
        Optional<StateFile> known = StateFile.read(file);
        if (known.isPresent() && !isOf(known.get(), machine, boot)) {
            return false;
        }
        if (known.isPresent() && known.get().required("boot").equals(boot)) {
            return true;
        }
        OwnerOnly.createFolders(state);
        try (FileChannel lock =
                OwnerOnly.open(state.resolve("machine.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock(); // goes with the channel
            Optional<StateFile> owner = StateFile.read(file);
            if (owner.isPresent() && !isOf(owner.get(), machine, boot)) {
                return false;
            }
            StateFile.write(file, Map.of("machine", machine, "boot", boot));
            return true;
        }
    }

    /** One of the same boot is the same machine under another name, such as a container that was made again. */
    private static boolean isOf(StateFile owner, String machine, String boot) {
        return owner.required("machine").equals(machine)
                || owner.required("boot").equals(boot);
    }
}
