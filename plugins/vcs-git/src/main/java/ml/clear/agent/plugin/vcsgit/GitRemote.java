// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Network;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.SshKey;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteConfig;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/** The other side of a mirror: transfers from one address, with what opens it. */
final class GitRemote {

    private static final int IDLE_TIMEOUT_SECONDS = 60;
    private static final RefSpec BRANCHES = new RefSpec("+refs/heads/*:refs/heads/*");
    private static final RefSpec TAGS = new RefSpec("+refs/tags/*:refs/tags/*");

    private final RepositoryAddress address;
    private final CredentialChain provider;
    private final Network network;
    private final Map<String, String> environment;

    GitRemote(RepositoryAddress address, CredentialChain provider, Network network, Map<String, String> environment) {
        this.address = address;
        this.provider = provider;
        this.network = network;
        this.environment = environment;
    }

    /** The other side at the address that the settings and the credentials make of this one. */
    static GitRemote of(
            RepositoryAddress address, CredentialChain provider, GitSettings settings, PluginContext context)
            throws InterruptedException {
        RepositoryAddress used = settings.rewriting().rewrite(address, candidate -> opens(provider.find(candidate)));
        return new GitRemote(used, provider, context.network(), context.environment());
    }

    private static boolean opens(Optional<VcsCredential> credential) {
        return credential.isPresent() && !(credential.get() instanceof SshKey);
    }

    RepositoryAddress address() {
        return address;
    }

    CredentialChain provider() {
        return provider;
    }

    /** Bring branches and tags of a mirror to the state of the other side, its main branch too. */
    void fetchAll(Repository mirror, boolean withTags, ProgressMonitor progress) throws IOException {
        try (Transport transport = open(mirror)) {
            transport.setRemoveDeletedRefs(true);
            List<RefSpec> specs = new ArrayList<>(List.of(BRANCHES));
            if (withTags) {
                specs.add(TAGS);
            }
            FetchResult result = transport.fetch(progress, specs);
            Ref head = result.getAdvertisedRef(Constants.HEAD);
            if (head != null) {
                mirror.updateRef(Constants.HEAD).link(branchOf(head, result));
            }
        }
    }

    /** Ask for one commit that no branch or tag leads to; servers may refuse that. */
    void fetchCommit(Repository mirror, String commit, ProgressMonitor progress) throws IOException {
        try (Transport transport = open(mirror)) {
            transport.fetch(progress, List.of(new RefSpec(commit + ":refs/asked/" + commit)));
        }
    }

    /** Bring the commit that HEAD stands for, under a name of its own that no branch has. */
    void fetchHead(Repository mirror, String commit) throws IOException {
        try (Transport transport = open(mirror)) {
            transport.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec("HEAD:refs/remembered/" + commit)));
        }
    }

    /** The branch that HEAD stands for; old servers tell its commit alone. */
    private static String branchOf(Ref head, FetchResult result) {
        if (head.isSymbolic()) {
            return head.getTarget().getName();
        }
        for (String usual : List.of("refs/heads/master", "refs/heads/main")) {
            Ref ref = result.getAdvertisedRef(usual);
            if (ref != null && Objects.equals(ref.getObjectId(), head.getObjectId())) {
                return usual;
            }
        }
        return result.getAdvertisedRefs().stream()
                .filter(ref -> ref.getName().startsWith(Constants.R_HEADS))
                .filter(ref -> Objects.equals(ref.getObjectId(), head.getObjectId()))
                .map(Ref::getName)
                .findFirst()
                .orElse("refs/heads/master");
    }

    private Transport open(Repository mirror) throws IOException {
        Config config = new Config(mirror.getConfig());
        config.setString("remote", "origin", "url", address.text());
        try {
            // RemoteConfig applies url.….insteadOf of the user's configuration.
            Transport transport = Transport.open(mirror, new RemoteConfig(config, "origin"));
            transport.setTimeout(IDLE_TIMEOUT_SECONDS);
            transport.setTagOpt(TagOpt.NO_TAGS);
            equip(transport);
            return transport;
        } catch (URISyntaxException e) {
            throw new IOException("not an address: " + e.getReason(), e);
        }
    }

    private void equip(Transport transport) throws IOException {
        Optional<VcsCredential> credential = address.isHttp() || address.isSsh() ? credential() : Optional.empty();
        transport.setCredentialsProvider(new CredentialAnswers(address, credential, provider));
        if (transport instanceof TransportHttp http) {
            Optional<Secret> token =
                    credential.filter(BearerToken.class::isInstance).map(found -> ((BearerToken) found).token());
            http.setHttpConnectionFactory(new NetworkConnections(network, address, token));
        }
        if (transport instanceof SshTransport ssh) {
            ssh.setSshSessionFactory(new SshProgram(
                    environment,
                    credential.filter(SshKey.class::isInstance).map(found -> ((SshKey) found).privateKey())));
        }
    }

    private Optional<VcsCredential> credential() throws IOException {
        try {
            return provider.find(address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while credentials were looked up");
        }
    }

    /** Whether a repository answers. */
    boolean answers() {
        try (Transport transport = Transport.open(new URIish(address.text()))) {
            transport.setTimeout(IDLE_TIMEOUT_SECONDS);
            equip(transport);
            try (FetchConnection _ = transport.openFetch()) {
                return true;
            }
        } catch (IOException | URISyntaxException e) {
            return false;
        }
    }
}
