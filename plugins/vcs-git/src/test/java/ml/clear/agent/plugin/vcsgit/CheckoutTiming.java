// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;

/** Measures checkouts for docs/benchmarks/checkout.py: of a new repository, of its branch again, and of a known commit. */
final class CheckoutTiming {

    private static final int ROUNDS = 7;

    private CheckoutTiming() {}

    /**
     * Arguments: the address, and a folder for cache and copies. Prints three times in milliseconds, the last two the least of
     * several, and the most memory.
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        GitVersionControl versionControl = new GitVersionControl(Surroundings.in(folder));
        Revision branch = new Revision("", "", "main");
        Timed first = timed(versionControl, arguments[0], branch, folder.resolve("first"));
        System.out.println("first " + first.millis());
        least("again", versionControl, arguments[0], branch, folder);
        least("known", versionControl, arguments[0], new Revision(first.commit(), "", ""), folder);
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        System.out.println("memory "
                + status.stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .findFirst()
                        .orElseThrow());
    }

    private record Timed(String commit, long millis) {}

    private static void least(
            String name, GitVersionControl versionControl, String address, Revision revision, Path folder)
            throws Exception {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            Path target = folder.resolve(name);
            least = Math.min(
                    least, timed(versionControl, address, revision, target).millis());
            Folders.delete(target);
        }
        System.out.println(name + " " + least);
    }

    private static Timed timed(GitVersionControl versionControl, String address, Revision revision, Path target)
            throws InterruptedException {
        long start = System.nanoTime();
        String commit = versionControl
                .checkOut(new CheckoutRequest(
                        RepositoryAddress.parse(address), revision, target, CredentialChain.empty(), line -> {}))
                .commit();
        return new Timed(commit, (System.nanoTime() - start) / 1_000_000);
    }
}
