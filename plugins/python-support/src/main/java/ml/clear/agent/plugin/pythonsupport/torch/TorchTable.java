// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.TorchSettings;
import ml.clear.agent.plugin.pythonsupport.Version;
import ml.clear.agent.plugin.pythonsupport.torch.TorchRelease.Build;

/**
 * The known releases of torch, the newest first. The table is a text file, of which the format is described by its comments.
 *
 * @param releases the releases
 */
record TorchTable(List<TorchRelease> releases) {

    private static final String RESOURCE = "torch-builds.txt";
    private static final Pattern CUDA = Pattern.compile("cu(\\d+)(\\d)");
    private static final Pattern ROCM = Pattern.compile("rocm(\\d+(?:\\.\\d+)+)");

    TorchTable {
        releases = releases.stream()
                .sorted(Comparator.comparing(TorchRelease::torch).reversed())
                .toList();
    }

    /** The table of the agent, or the one in a file that replaces it. */
    static TorchTable of(Optional<Path> file) {
        try {
            if (file.isPresent()) {
                return parse(Files.readAllLines(file.get()), file.get().toString());
            }
            try (InputStream content = Objects.requireNonNull(TorchTable.class.getResourceAsStream(RESOURCE))) {
                return parse(
                        new String(content.readAllBytes(), StandardCharsets.UTF_8)
                                .lines()
                                .toList(),
                        RESOURCE);
            }
        } catch (IOException e) {
            if (file.isEmpty()) {
                throw new UncheckedIOException(e);
            }
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    TorchSettings.BUILDS.key() + " is '" + file.get() + "', which cannot be read: " + e.getMessage(),
                    e);
        }
    }

    static TorchTable parse(List<String> lines, String file) {
        List<TorchRelease> releases = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                String where = file + ":" + (i + 1);
                releases.add(
                        release(line)
                                .orElseThrow(
                                        () -> new AgentException(
                                                ErrorCode.CONFIGURATION_INVALID,
                                                where + ": '" + line
                                                        + "' is no release of torch; expected versions of torch, torchvision and "
                                                        + "torchaudio, versions of Python such as '3.9-3.13', and builds such as 'cu121'")));
            }
        }
        return new TorchTable(releases);
    }

    private static Optional<TorchRelease> release(String line) {
        String[] words = line.split("\\s+", -1);
        if (words.length < 5) {
            return Optional.empty();
        }
        String[] pythons = words[3].split("-", -1);
        List<Optional<Version>> versions = Arrays.asList(
                Version.of(words[0]),
                Version.of(words[1]),
                Version.of(words[2]),
                Version.of(pythons[0]),
                Version.of(pythons[pythons.length - 1]));
        List<Optional<Build>> builds =
                Arrays.stream(words).skip(4).map(TorchTable::build).toList();
        if (versions.stream().anyMatch(Optional::isEmpty) || builds.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        List<Version> known = versions.stream().map(Optional::orElseThrow).toList();
        return Optional.of(new TorchRelease(
                known.get(0),
                known.get(1),
                known.get(2),
                known.get(3),
                known.get(4),
                builds.stream().map(Optional::orElseThrow).toList()));
    }

    private static Optional<Build> build(String name) {
        Matcher cuda = CUDA.matcher(name);
        if (cuda.matches()) {
            return Version.of(cuda.group(1) + "." + cuda.group(2))
                    .map(version -> new Build(name, Accelerator.Kind.CUDA, version));
        }
        Matcher rocm = ROCM.matcher(name);
        return rocm.matches()
                ? Version.of(rocm.group(1)).map(version -> new Build(name, Accelerator.Kind.ROCM, version))
                : Optional.empty();
    }
}
