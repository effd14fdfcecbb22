// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import ml.clear.agent.api.vcs.Checkout;
import ml.clear.agent.api.vcs.CheckoutRequest;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.Revision;

/** A process that checks out until it is killed. What is finished is marked by a file beside it. */
final class CheckoutLoop {

    private CheckoutLoop() {}

    /** Arguments: the folder of the cache, the repository, the folder for working copies. */
    public static void main(String[] arguments) throws Exception {
        GitVersionControl versionControl = new GitVersionControl(GitContext.in(Path.of(arguments[0])));
        Path copies = Path.of(arguments[2]);
        while (true) {
            Path target = copies.resolve(UUID.randomUUID().toString());
            Checkout checkout = versionControl.checkOut(new CheckoutRequest(
                    RepositoryAddress.parse(arguments[1]),
                    new Revision("", "", "main"),
                    target,
                    CredentialChain.empty(),
                    line -> {}));
            Path written = Files.writeString(copies.resolve(target.getFileName() + ".new"), checkout.commit());
            Files.move(written, copies.resolve(target.getFileName() + ".done"));
        }
    }
}
