// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;

/**
 * Makes checkouts for docs/benchmarks/checkout.py, which alternates them with git's own. Each line of the standard input holds an
 * address, {@code branch} or a commit, and the folder to check out into, separated by tabs; each answer holds the milliseconds
 * of the checkout, the commit, and the peak of this process's memory in KiB.
 */
final class CheckoutTiming {

    private CheckoutTiming() {}

    /** Argument: a folder for the cache. */
    public static void main(String[] arguments) throws Exception {
        GitVersionControl versionControl = new GitVersionControl(GitContext.in(Path.of(arguments[0])));
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String[] request = line.split("\t", -1);
            Revision revision =
                    request[1].equals("branch") ? new Revision("", "", "main") : new Revision(request[1], "", "");
            long start = System.nanoTime();
            String commit = versionControl
                    .checkOut(new CheckoutRequest(
                            RepositoryAddress.parse(request[0]),
                            revision,
                            Path.of(request[2]),
                            CredentialChain.empty(),
                            progress -> {}))
                    .commit();
            double millis = (System.nanoTime() - start) / 1e6;
            System.out.println(millis + "\t" + commit + "\t" + peak());
        }
    }

    private static String peak() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D", ""))
                .findFirst()
                .orElseThrow();
    }
}
