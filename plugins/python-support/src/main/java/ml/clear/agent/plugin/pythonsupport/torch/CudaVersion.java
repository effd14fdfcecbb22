// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.python.PythonSettings;

/** Finds the version of CUDA on this machine, as digits: 12.4 is 124, and 0 is none. */
public final class CudaVersion {

    private static final Pattern NUMBER = Pattern.compile("(\\d+)(?:\\.(\\d+))?.*");
    private static final Pattern DRIVER = Pattern.compile("CUDA Version:\\s*(\\d+\\.\\d+)");
    private static final Pattern COMPILER = Pattern.compile("release\\s+(\\d+\\.\\d+)");

    private final Settings settings;
    private final CommandRunner commands;
    private final Map<String, String> environment;

    /** A search on this machine. */
    public CudaVersion(Settings settings, CommandRunner commands, Map<String, String> environment) {
        this.settings = settings;
        this.commands = commands;
        this.environment = environment;
    }

    /** The configured version, otherwise that of the driver or the compiler. */
    public int find() throws InterruptedException {
        if (settings.get(PythonSettings.CPU_ONLY)) {
            return 0;
        }
        Optional<String> configured = settings.get(PythonSettings.CUDA_VERSION);
        if (configured.isPresent() && !configured.get().isBlank()) {
            return digits(configured.get());
        }
        Optional<String> driver = ask("nvidia-smi", List.of(), DRIVER);
        return digits(
                driver.isPresent()
                        ? driver.get()
                        : ask("nvcc", List.of("--version"), COMPILER).orElse("0"));
    }

    /** {@code 11.2} and {@code 112} are 112, {@code 12.4.1} is 124, {@code 12} is 120; anything else is 0. */
    static int digits(String text) {
        Matcher number = NUMBER.matcher(text.strip());
        if (!number.matches() || number.group(1).length() > 4) {
            return 0;
        }
        int whole = Integer.parseInt(number.group(1));
        if (number.group(2) != null) {
            return whole * 10 + (number.group(2).charAt(0) - '0');
        }
        return whole < 100 ? whole * 10 : whole;
    }

    private Optional<String> ask(String name, List<String> arguments, Pattern answer) throws InterruptedException {
        Optional<Path> program = Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        try {
            CommandResult result = commands.run(Command.of(program.get().toString())
                    .arguments(arguments)
                    .timeout(Duration.ofSeconds(20))
                    .build());
            Matcher matcher = answer.matcher(result.output());
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (AgentException e) {
            return Optional.empty(); // a driver that does not answer counts as absent
        }
    }
}
