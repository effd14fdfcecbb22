// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.nio.file.Path;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.submodule.SubmoduleWalk;

/** Checks out the submodules of a working copy, and theirs, each through a mirror of its own. */
final class Submodules {

    private final CheckoutJob job;
    private final WorkingTree tree;
    private final RepositoryAddress parent;
    private final Path root;

    Submodules(CheckoutJob job, WorkingTree tree, RepositoryAddress parent, Path root) {
        this.job = job;
        this.tree = tree;
        this.parent = parent;
        this.root = root;
    }

    void checkOut(ObjectId ofParent) throws IOException, InterruptedException {
        try (SubmoduleWalk walk = SubmoduleWalk.forIndex(tree.repository())) {
            while (walk.next()) {
                String path = walk.getPath();
                String url = walk.getModulesUrl();
                if (url == null || url.isBlank()) {
                    job.console().line("git: submodule '" + path + "' has no address in .gitmodules and stays empty");
                    continue;
                }
                Revision revision = new Revision(walk.getObjectId().name(), "", "");
                copy(path, resolved(path, url), revision);
            }
        } catch (ConfigInvalidException e) {
            throw new IOException(".gitmodules of commit " + ofParent.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void copy(String path, RepositoryAddress address, Revision revision) throws InterruptedException {
        try {
            job.copy(address, revision, root.resolve(path));
        } catch (IOException | RuntimeException e) {
            AgentException explained = CheckoutFailure.explain(e, address, revision);
            throw new AgentException(
                    explained.code(), "submodule '" + path + "' of '" + parent + "': " + explained.getMessage(), e);
        }
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

    private AgentException refused(
            String path, String url, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new AgentException(
                ErrorCode.CHECKOUT_FAILED,
                "submodule '" + path + "' of '" + parent + "' has the address '" + url + "': " + why
                        + "; mend .gitmodules",
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
