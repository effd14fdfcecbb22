// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.io.IOException;
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
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.api.python.PythonSettings;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.tool.PythonTools;

/** Finds the accelerator of this machine: as configured, else as its driver or its tools say. */
public final class Accelerators {

    private static final Pattern NUMBER = Pattern.compile("(\\d+)(?:\\.(\\d+))?.*");
    private static final Pattern CUDA = Pattern.compile("CUDA Version:\\s*(\\d+\\.\\d+)");
    private static final Pattern DRIVER = Pattern.compile("Driver Version:\\s*([0-9.]+)");
    private static final Pattern COMPILER = Pattern.compile("release\\s+(\\d+\\.\\d+)");
    private static final Pattern ROCM = Pattern.compile("(\\d+(?:\\.\\d+)+).*", Pattern.DOTALL);

    private final Settings settings;
    private final CommandRunner commands;
    private final Map<String, String> environment;
    private final Path root;

    private Accelerators(PluginContext context, Path root) {
        this.settings = context.settings();
        this.commands = context.commands();
        this.environment = context.environment();
        this.root = root;
    }

    /** A search on this machine. */
    public static Accelerators of(PluginContext context) {
        return new Accelerators(context, Path.of("/"));
    }

    /** A search where the devices of a machine are files below another root. */
    static Accelerators below(Path root, PluginContext context) {
        return new Accelerators(context, root);
    }

    /** Find it. */
    public Accelerator find() throws InterruptedException {
        if (settings.get(PythonSettings.CPU_ONLY)) {
            return Accelerator.none("agent.cpu_only is true");
        }
        Optional<String> configured = settings.get(PythonSettings.CUDA_VERSION).filter(text -> !text.isBlank());
        if (configured.isPresent()) {
            return cuda(
                    configured.get(),
                    "agent.cuda_version is " + configured.get().strip());
        }
        Optional<String> driver = ask("nvidia-smi", List.of());
        Optional<String> supported = driver.flatMap(answer -> first(CUDA, answer));
        if (supported.isPresent()) {
            String version = driver.flatMap(answer -> first(DRIVER, answer))
                    .map(found -> "driver " + found)
                    .orElse("the driver");
            return cuda(supported.get(), version + " supports CUDA " + supported.get());
        }
        Optional<Accelerator> rocm = rocm();
        if (rocm.isPresent()) {
            return rocm.get();
        }
        Optional<String> compiler = ask("nvcc", List.of("--version")).flatMap(answer -> first(COMPILER, answer));
        return compiler.map(version -> cuda(version, "nvcc is of CUDA " + version))
                .orElseGet(() -> Accelerator.none("this machine has no GPU that its driver reports"));
    }

    private static Accelerator cuda(String text, String evidence) {
        int digits = digits(text);
        return digits == 0
                ? Accelerator.none(evidence)
                : new Accelerator(
                        Accelerator.Kind.CUDA,
                        Version.of(digits / 10 + "." + digits % 10).orElseThrow(),
                        evidence);
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

    /** A host of AMD GPUs has their device and none of NVIDIA. */
    private Optional<Accelerator> rocm() {
        if (!Files.exists(root.resolve("dev/kfd")) || Files.exists(root.resolve("dev/nvidia0"))) {
            return Optional.empty();
        }
        Path folder = Path.of(
                environment.getOrDefault("ROCM_PATH", root.resolve("opt/rocm").toString()));
        return Stream.of("version", "version-dev", "version-utils")
                .map(name -> folder.resolve(".info").resolve(name))
                .filter(Files::isRegularFile)
                .map(Accelerators::version)
                .flatMap(Optional::stream)
                .findFirst()
                .map(version ->
                        new Accelerator(Accelerator.Kind.ROCM, version, "'" + folder + "' is of ROCm " + version));
    }

    private static Optional<Version> version(Path file) {
        try {
            return first(ROCM, Files.readString(file).strip()).flatMap(Version::of);
        } catch (IOException e) {
            return Optional.empty(); // a file that cannot be read counts as absent
        }
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private Optional<String> ask(String name, List<String> arguments) throws InterruptedException {
        Optional<Path> program = PythonTools.installed(name, environment);
        if (program.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(commands.run(Command.of(program.get().toString())
                            .arguments(arguments)
                            .timeout(Duration.ofSeconds(20))
                            .build())
                    .output());
        } catch (AgentException e) {
            return Optional.empty(); // a driver that does not answer counts as absent
        }
    }
}
