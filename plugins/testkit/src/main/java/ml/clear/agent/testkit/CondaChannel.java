// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;

/**
 * A small channel of conda packages in a local folder, made in a second. Its package {@code python} links to the interpreter of
 * this machine, so that environments from it run without a download. Immutable.
 */
public final class CondaChannel {

    private static final String PROGRAM = "conda_channel.py";

    private final List<String> packages;

    private CondaChannel(List<String> packages) {
        this.packages = List.copyOf(packages);
    }

    /** conda's name for the system of this machine. */
    public static String system() {
        return System.getProperty("os.arch").equals("aarch64") ? "linux-aarch64" : "linux-64";
    }

    /** A channel with the machine's interpreter and the pip that comes with it. */
    public static CondaChannel withPython() {
        return new CondaChannel(List.of())
                .with("interpreter", "python", "", "0", system(), List.of())
                .with("pip", "pip", "", "0", "noarch", List.of("python"));
    }

    /** The same with a Python package as {@link PythonWheel} describes it; what it needs is written as conda does. */
    public CondaChannel withModule(String name, String version, String... needs) {
        List<String> depends = new ArrayList<>(List.of("python"));
        depends.addAll(List.of(needs));
        return with("module", name, version, "py_0", "noarch", depends);
    }

    /** The same with a package that holds one file, for one system, such as {@code osx-64}. */
    public CondaChannel withFile(String name, String version, String build, String system, String... needs) {
        return with("plain", name, version, build, system, List.of(needs));
    }

    /**
     * The same with a package whose files hold the path of the environment: {@code share/NAME/place.txt}, {@code
     * share/NAME/program.bin} and the command {@code NAME}; its activation sets {@code NAME_HOME}.
     */
    public CondaChannel withPrefixedFiles(String name) {
        return with("prefixed", name, "1.0", "0", system(), List.of("python"));
    }

    private CondaChannel with(
            String kind, String name, String version, String build, String system, List<String> depends) {
        List<String> more = new ArrayList<>(packages);
        more.add(String.join("\t", kind, name, version, build, system, String.join(";", depends)));
        return new CondaChannel(more);
    }

    /** Write it into a folder that is made if absent; returns the address of the channel. */
    public String writeTo(Path folder) throws InterruptedException {
        try (InputStream source = Objects.requireNonNull(CondaChannel.class.getResourceAsStream(PROGRAM))) {
            Path program = Files.createDirectories(folder).resolve(PROGRAM);
            Files.copy(source, program, StandardCopyOption.REPLACE_EXISTING);
            CommandResult result = new ProcessCommandRunner(System.getenv())
                    .run(Command.of("python3", program.toString(), folder.toString())
                            .input(String.join("\n", packages) + "\n")
                            .build());
            assertThat(result.exitCode()).as(result.errors()).isZero();
            return folder.toUri().toString().replaceAll("/$", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
