// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.embedded.api.DataFolder;
import ml.clear.agent.embedded.api.OneTimeTokens;

/** Prints where the page is. */
final class PageLink {

    private PageLink() {}

    /**
     * Print the address of the page; on a terminal also a link that logs in once, for browsers that must log in: those of
     * other machines and other users.
     */
    static void print(Invocation invocation, URI server, Path data) {
        invocation.out().println("page: " + server);
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()) {
            invocation
                    .out()
                    .println("log in from another machine or as another user, once in the next "
                            + OneTimeTokens.LIFE.toMinutes() + " minutes: " + login(invocation, server, data));
        }
    }

    /** The link; the token is after the {@code #}, so that no log and no other site sees it. */
    static URI login(Invocation invocation, URI server, Path data) {
        try {
            String token = OneTimeTokens.of(
                            DataFolder.open(data), invocation.context().clock())
                    .create();
            return URI.create(server + "/login#" + token);
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot read the data folder '" + data + "': " + e.getMessage(), e);
        }
    }
}
