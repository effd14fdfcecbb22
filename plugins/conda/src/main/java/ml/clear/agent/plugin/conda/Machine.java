// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;

/** What requirements and versions say about this machine. */
final class Machine {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private Machine() {}

    /** conda's name for it. */
    static String system() {
        return ARM ? "linux-aarch64" : "linux-64";
    }

    /** Its C library with the version, such as {@code glibc 2.36}; empty when it does not say. */
    static Optional<String> libc(CommandRunner commands) throws InterruptedException {
        try {
            CommandResult answer =
                    commands.run(Command.of("getconf", "GNU_LIBC_VERSION").build());
            return answer.succeeded() ? Optional.of(answer.output().strip()) : Optional.empty();
        } catch (AgentException e) {
            return Optional.empty();
        }
    }

    /**
     * The names of environment markers (PEP 508) to their values.
     *
     * @param python the condition on Python's version, such as {@code 3.11.*}; empty when it is not known
     */
    static Map<String, String> markers(String python) {
        Map<String, String> markers = new HashMap<>(Map.of(
                "sys_platform", "linux",
                "os_name", "posix",
                "platform_system", "Linux",
                "platform_machine", ARM ? "aarch64" : "x86_64",
                "platform_python_implementation", "CPython",
                "implementation_name", "cpython",
                "extra", ""));
        String version = python.replace(".*", "");
        if (version.contains(".")) {
            markers.put("python_version", version);
            markers.put("python_full_version", version);
        }
        return Map.copyOf(markers);
    }

    /** The condition for a version of cuDNN, which is written as 8.9 or 89; its patch releases fit as well. */
    static String cudnn(String version) {
        String[] parts = version.strip().split("\\.", -1);
        if (parts.length == 1 && parts[0].matches("[0-9]{2}")) {
            return dotted(Integer.parseInt(parts[0])) + ".*";
        }
        return parts.length == 1 ? parts[0] + ".*" : parts[0] + "." + parts[1] + ".*";
    }

    /** A version of CUDA as people write it: 124 is 12.4. */
    static String dotted(int digits) {
        return digits / 10 + "." + digits % 10;
    }
}
