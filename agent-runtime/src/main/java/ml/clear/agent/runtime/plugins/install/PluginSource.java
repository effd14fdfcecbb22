// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.install;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.runtime.plugins.TrustedKeys;

/** What a user names to be installed: a file, an address, or coordinates in a Maven repository. */
final class PluginSource {

    private final Download download;
    private final List<URI> repositories;

    /**
     * Sources.
     *
     * @param repositories the Maven repositories, the first one asked first
     */
    PluginSource(Download download, List<URI> repositories) {
        this.download = download;
        this.repositories = List.copyOf(repositories);
    }

    /**
     * Copy the named jar or zip, and its signature where there is one, into a folder.
     *
     * @return the copy
     * @throws AgentException {@code NOT_FOUND} when there is no such thing
     */
    Path fetch(String source, Path folder) {
        Optional<MavenCoordinates> coordinates =
                Files.exists(Path.of(source)) ? Optional.empty() : MavenCoordinates.parse(source);
        if (coordinates.isPresent()) {
            return fetch(coordinates.get(), folder);
        }
        return source.matches("(https?|file)://.*") ? fetch(address(source), folder) : copy(Path.of(source), folder);
    }

    private Path copy(Path file, Path folder) {
        if (!Files.isRegularFile(file)) {
            throw new AgentException(
                    ErrorCode.NOT_FOUND,
                    "'" + file + "' is no file; name a jar, a zip, an address or group:artifact:version");
        }
        try {
            Path copy = Files.copy(file, named(folder, String.valueOf(file.getFileName())));
            Path signature = TrustedKeys.signatureOf(file);
            if (Files.isRegularFile(signature)) {
                Files.copy(signature, TrustedKeys.signatureOf(copy));
            }
            return copy;
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "'" + file + "' cannot be copied: " + e + "; check its permissions", e);
        }
    }

    private Path fetch(URI address, Path folder) {
        Path target =
                named(folder, address.getPath().substring(address.getPath().lastIndexOf('/') + 1));
        if (!download.fetch(address, target)) {
            throw new AgentException(ErrorCode.NOT_FOUND, "there is nothing at '" + address + "'; check the address");
        }
        download.fetch(URI.create(address + ".sig"), TrustedKeys.signatureOf(target));
        return target;
    }

    private Path fetch(MavenCoordinates coordinates, Path folder) {
        for (URI repository : repositories) {
            for (String path : coordinates.paths()) {
                String base = repository.toString();
                URI address = URI.create(base + (base.endsWith("/") ? "" : "/") + path);
                Path target = named(folder, path.substring(path.lastIndexOf('/') + 1));
                if (download.fetch(address, target)) {
                    download.fetch(URI.create(address + ".sig"), TrustedKeys.signatureOf(target));
                    return target;
                }
            }
        }
        throw new AgentException(
                ErrorCode.NOT_FOUND,
                "no repository has plugin '" + coordinates.group() + ":" + coordinates.artifact() + ":"
                        + coordinates.version() + "'; " + searched()
                        + " with --repository or agent.plugins.maven_repositories");
    }

    private String searched() {
        return repositories.isEmpty()
                ? "none is configured, name one"
                : "looked in " + repositories.stream().map(URI::toString).collect(Collectors.joining(", "))
                        + "; name another";
    }

    private static Path named(Path folder, String name) {
        if (!name.endsWith(".jar") && !name.endsWith(".zip")) {
            throw new AgentException(
                    ErrorCode.COMMAND_LINE_INVALID,
                    "'" + name + "' is neither a jar nor a zip; a plugin is one of these");
        }
        return folder.resolve(name);
    }

    private static URI address(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new AgentException(ErrorCode.COMMAND_LINE_INVALID, "'" + text + "' is no address; correct it", e);
        }
    }
}
