// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;

/** Measures checkouts for docs/benchmarks/checkout.py: of a new repository, of its branch again, and of a known commit. */
final class CheckoutTiming {

    private CheckoutTiming() {}

    /** Arguments: the address, and a folder for cache and copies. Prints three times in milliseconds and the most memory. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        GitVersionControl versionControl = new GitVersionControl(Surroundings.in(folder));
        Revision branch = new Revision("", "", "main");
        String commit = timed(versionControl, arguments[0], branch, folder.resolve("first"));
        timed(versionControl, arguments[0], branch, folder.resolve("again"));
        timed(versionControl, arguments[0], new Revision(commit, "", ""), folder.resolve("known"));
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        System.out.println("memory "
                + status.stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .findFirst()
                        .orElseThrow());
    }

    private static String timed(GitVersionControl versionControl, String address, Revision revision, Path target)
            throws InterruptedException {
        long start = System.nanoTime();
        String commit = versionControl
                .checkOut(new CheckoutRequest(
                        RepositoryAddress.parse(address), revision, target, CredentialChain.empty(), line -> {}))
                .commit();
        System.out.println(target.getFileName() + " " + (System.nanoTime() - start) / 1_000_000);
        return commit;
    }
}
