// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Python interpreter, as it describes itself.
 *
 * @param executable the real program, absolute
 * @param version such as {@code 3.11.7}
 * @param abi the tag of compiled modules, such as {@code cpython-311-x86_64-linux-gnu}
 * @param platform such as {@code linux-x86_64}
 * @param baseExecutable the program behind it when it is the one of a virtual environment, otherwise the same
 * @param wheelFolders folders that hold the wheels of pip that come with it
 * @param packageFolders folders with packages of its own, in the order in which it searches them
 * @param pip the version of pip that it has itself, empty without one
 * @param pipFolder the folder of that pip's modules, empty without one
 * @param markers the names of environment markers (PEP 508) to their values
 */
public record Interpreter(
        Path executable,
        Version version,
        String abi,
        String platform,
        Path baseExecutable,
        List<Path> wheelFolders,
        List<Path> packageFolders,
        String pip,
        String pipFolder,
        Map<String, String> markers) {

    /** Copies the collections and checks for absence. */
    public Interpreter {
        Objects.requireNonNull(executable);
        Objects.requireNonNull(version);
        Objects.requireNonNull(abi);
        Objects.requireNonNull(platform);
        Objects.requireNonNull(baseExecutable);
        Objects.requireNonNull(pip);
        Objects.requireNonNull(pipFolder);
        wheelFolders = List.copyOf(wheelFolders);
        packageFolders = List.copyOf(packageFolders);
        markers = Map.copyOf(markers);
    }

    private static final String PATH = "python";

    /** What it adds to the identity of an environment. */
    public SortedMap<String, String> identity() {
        return new TreeMap<>(Map.of(
                PATH,
                baseExecutable.toString(),
                "python version",
                version.text(),
                "abi",
                abi,
                "platform",
                platform,
                "libc", // compiled packages of one image may not run in another
                markers.getOrDefault("libc", "")));
    }

    /** An identity that holds {@link #identity}, without the path of the interpreter. */
    public static SortedMap<String, String> portable(SortedMap<String, String> identity) {
        SortedMap<String, String> portable = new TreeMap<>(identity);
        portable.remove(PATH);
        return portable;
    }

    /** The version without its last number, such as {@code 3.11}. */
    public String series() {
        return version.prefix(2);
    }
}
