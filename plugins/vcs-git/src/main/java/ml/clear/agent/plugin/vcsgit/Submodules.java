// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.jspecify.annotations.Nullable;

/** Checks out the submodules of a working copy recursively, each through its own mirror. */
final class Submodules {

    private static final String DECLARATIONS = ".gitmodules";
    private static final String SECTION = "submodule";
    private static final String SUBMODULE_MODE = "160000";

    private final CheckoutJob job;
    private final GitProgram git;
    private final RepositoryAddress parent;
    private final Path root;

    Submodules(CheckoutJob job, GitProgram git, RepositoryAddress parent, Path root) {
        this.job = job;
        this.git = git;
        this.parent = parent;
        this.root = root;
    }

    void checkOut() throws IOException, InterruptedException {
        if (!Files.isRegularFile(root.resolve(DECLARATIONS), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Map<String, String> addresses = addresses();
        for (Map.Entry<String, String> submodule : recorded(addresses.keySet()).entrySet()) {
            String path = submodule.getKey();
            String url = addresses.getOrDefault(path, "");
            if (url.isBlank()) {
                job.console().line("git: submodule '" + path + "' has no address in .gitmodules and stays empty");
                continue;
            }
            copy(path, resolved(path, url), new Revision(submodule.getValue(), "", ""));
        }
    }

    private void copy(String path, RepositoryAddress address, Revision revision) throws InterruptedException {
        try {
            job.copy(address, revision, root.resolve(path));
        } catch (IOException | AgentException e) {
            AgentException explained = CheckoutFailure.explain(e, address, revision, job.credentials());
            throw new AgentException(
                    explained.code(), "submodule '" + path + "' of '" + parent + "': " + explained.getMessage(), e);
        }
    }

    /** The addresses by path, as {@code .gitmodules} declares them. */
    private Map<String, String> addresses() throws IOException {
        Config declared = new Config();
        try {
            declared.fromText(Files.readString(root.resolve(DECLARATIONS)));
        } catch (ConfigInvalidException | CharacterCodingException e) {
            throw new AgentException(
                    ErrorCode.CHECKOUT_FAILED,
                    "'" + DECLARATIONS + "' of '" + parent + "' cannot be read: " + e.getMessage() + "; correct it",
                    e);
        }
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String name : declared.getSubsections(SECTION)) {
            String path = declared.getString(SECTION, name, "path");
            String url = declared.getString(SECTION, name, "url");
            if (path != null) {
                addresses.put(path, url == null ? "" : url);
            }
        }
        return addresses;
    }

    /** The commits by path, of those declared paths that the commit has as submodules. */
    private Map<String, String> recorded(Iterable<String> paths) throws GitFailure, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--literal-pathspecs", "ls-files", "--stage", "-z", "--"));
        paths.forEach(arguments::add);
        Map<String, String> commits = new LinkedHashMap<>();
        // mode, object, stage, tab, path
        for (String entry : git.run(GitCommand.in(root, arguments)).output().split("\0")) {
            if (entry.startsWith(SUBMODULE_MODE + " ")) {
                String path = entry.substring(entry.indexOf('\t') + 1);
                commits.put(path, entry.split(" ", 3)[1]);
            }
        }
        return commits;
    }

    private RepositoryAddress resolved(String path, String url) {
        String absolute = url.startsWith("./") || url.startsWith("../") ? relativeTo(parent.text(), url) : url;
        RepositoryAddress address;
        try {
            address = RepositoryAddress.parse(absolute);
        } catch (IllegalArgumentException e) {
            throw refused(path, url, "it is no address", e);
        }
        if (address.scheme().equals("file") && !parent.scheme().equals("file")) {
            throw refused(path, url, "a remote repository may not name a folder of this machine", null);
        }
        return address;
    }

    private AgentException refused(String path, String url, String why, @Nullable Throwable cause) {
        return new AgentException(
                ErrorCode.CHECKOUT_FAILED,
                "submodule '" + path + "' of '" + parent + "' has the address '" + url + "': " + why
                        + "; correct .gitmodules",
                cause);
    }

    /** {@code ../other.git} beside the parent's address, as git resolves it. */
    static String relativeTo(String parent, String relative) {
        String base = parent.replaceAll("/+$", "");
        String rest = relative;
        while (true) {
            if (rest.startsWith("../")) {
                int slash = base.lastIndexOf('/');
                int cut = slash >= 0 ? slash : base.lastIndexOf(':');
                if (cut < 0) {
                    return rest;
                }
                boolean scpRoot = slash < 0;
                base = scpRoot ? base.substring(0, cut + 1) : base.substring(0, cut);
                rest = rest.substring(3);
            } else if (rest.startsWith("./")) {
                rest = rest.substring(2);
            } else {
                return base.endsWith(":") ? base + rest : base + "/" + rest;
            }
        }
    }
}
