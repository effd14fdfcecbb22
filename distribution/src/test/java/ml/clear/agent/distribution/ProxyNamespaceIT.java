// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.testkit.GitOverHttp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job where a proxy is the only way out: repository, packages, and the server on loopback. */
@Tag("thorough")
class ProxyNamespaceIT {

    @TempDir
    private Path folder;

    @BeforeAll
    static void partsAreThere() {
        Shell shell = Shell.in(Path.of("/"));
        String missing = shell.run("sh", "-c", "command -v tinyproxy >/dev/null || echo tinyproxy")
                        .out()
                + shell.run("sh", "-c", "ip netns add agent-probe 2>&1 && ip netns delete agent-probe 2>&1")
                        .out();
        if (Boolean.getBoolean("require.real")) {
            assertThat(missing).isEmpty();
        }
        assumeTrue(missing.isEmpty(), "no tinyproxy, or no right to make network namespaces: " + missing);
    }

    @Test
    void runWorksWhereAProxyIsTheOnlyWayOut() throws Exception {
        Repository repository = Repository.in(folder);
        Files.writeString(repository.workingCopy().resolve("training/requirements.txt"), "six==1.17.0\n");
        try (IsolatedNetwork network = new IsolatedNetwork(folder);
                GitOverHttp git = new GitOverHttp(network.outside(), folder, "")) {
            repository.origin(git.address("project.git"));
            AgentHome home = AgentHome.emptyIn(folder, Installation.shared())
                    .with("HTTP_PROXY", network.proxyAddress())
                    .with("http_proxy", network.proxyAddress())
                    .with("HTTPS_PROXY", network.proxyAddress())
                    .with("https_proxy", network.proxyAddress())
                    // With its cache, run would take the commit from the working copy, and git would need no network.
                    .with("CLEARML_AGENT__AGENT__VCS_CACHE__ENABLED", "false");
            assertNothingIsReachedWithout(network, home, git);

            Shell.Finished finished = home.shell()
                    .start(network.inside(
                            home.command("run", repository.script().toString(), "--", "inside")))
                    .finish();
            Shell.Finished stopped = home.shell()
                    .start(network.inside(home.command("server", "stop")))
                    .finish();

            assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
            assertThat(finished.out()).contains("\nsteps 4\n", "\narguments [\"inside\"]\n", "   1 package\n");
            assertThat(git.proxies()).isNotEmpty().allMatch(via -> via.contains("tinyproxy"));
            assertThat(network.proxyLog()).containsPattern("CONNECT \\S+:443");
            // The server is on loopback, which no proxy sees.
            assertThat(network.proxyLog()).doesNotContain("127.0.0.1", "localhost");
            assertThat(stopped.out()).as(stopped.err()).isEqualTo("the server has ended\n");
            assertThat(home.processes()).isEmpty();
        }
    }

    private static void assertNothingIsReachedWithout(IsolatedNetwork network, AgentHome home, GitOverHttp git) {
        Shell.Finished direct = home.with("http_proxy", "")
                .shell()
                .start(network.inside(List.of("git", "-c", "http.proxy=", "ls-remote", git.address("project.git"))))
                .finish();
        assertThat(direct.status()).as(direct.out()).isNotZero();
        assertThat(git.proxies()).isEmpty();
    }
}
