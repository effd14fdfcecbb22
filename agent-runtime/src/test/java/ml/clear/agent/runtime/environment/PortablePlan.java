// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.api.python.PythonEnvironment.FrozenPackages;

/** An environment with what makes transfers hard: links of all kinds, a command that names its folder, permissions, times. */
class PortablePlan implements EnvironmentPlan {

    static final Instant TIME = Instant.ofEpochSecond(1_234_567_890);

    private final String machine;
    private final String requirement;
    private final AtomicInteger builds;

    PortablePlan(String machine, String requirement, AtomicInteger builds) {
        this.machine = machine;
        this.requirement = requirement;
        this.builds = builds;
    }

    @Override
    public SortedMap<String, String> identity() {
        return new TreeMap<>(Map.of("requirements", requirement, "python", "/" + machine + "/bin/python3"));
    }

    @Override
    public Optional<SortedMap<String, String>> portableIdentity() {
        return Optional.of(new TreeMap<>(Map.of("requirements", requirement)));
    }

    @Override
    public boolean cacheable() {
        return true;
    }

    @Override
    public PythonEnvironment build(Path folder) {
        builds.incrementAndGet();
        try {
            Files.createDirectories(folder.resolve("lib/deep"));
            Files.createDirectories(folder.resolve("bin"));
            Path module = Files.writeString(folder.resolve("lib/deep/" + requirement + ".py"), requirement.repeat(500));
            Files.setLastModifiedTime(module, FileTime.from(TIME));
            Path command = Files.writeString(folder.resolve("bin/tool"), "#!" + folder + "/bin/python\n");
            Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-x---"));
            Files.createSymbolicLink(folder.resolve("bin/python"), Path.of("/" + machine + "/bin/python3"));
            Files.createSymbolicLink(folder.resolve("lib64"), Path.of("lib"));
            Files.createSymbolicLink(folder.resolve("bin/module.py"), module);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return at(folder);
    }

    @Override
    public Optional<PythonEnvironment> restore(Path folder, Path builtAt) {
        try {
            Path python = folder.resolve("bin/python");
            if (!Files.exists(python, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(python, Path.of("/" + machine + "/bin/python3"));
            }
            Path command = folder.resolve("bin/tool");
            Files.writeString(command, Files.readString(command).replace(builtAt.toString(), folder.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(at(folder));
    }

    private PythonEnvironment at(Path folder) {
        return new PythonEnvironment(
                folder, folder.resolve("bin/python"), Map.of(), FrozenPackages.ofPip(List.of(requirement)));
    }
}
