// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.runtime.config.NewConfiguration;
import ml.clear.agent.runtime.config.PastedBlock;
import ml.clear.agent.runtime.config.ServerAddresses;

/** The questions of {@code init}, in the order of the Python agent's wizard. */
final class InitDialogue {

    private static final int TRIES = 2;
    private static final PastedBlock NOTHING = new PastedBlock("", "", "", "", "");

    /** Logs in to a server. */
    @FunctionalInterface
    interface Verification {
        /** Throws an {@link AgentException} with what to check when the server refuses, or cannot be reached. */
        void logIn(ServerAddresses server, String accessKey, Secret secretKey) throws InterruptedException;
    }

    private final Questions questions;
    private final Verification verification;

    InitDialogue(Questions questions, Verification verification) {
        this.questions = questions;
        this.verification = verification;
    }

    NewConfiguration run() throws InterruptedException {
        questions.say("In the web application: Settings > Workspace > Create new credentials > Copy to clipboard.");
        questions.say("Paste it here and press Enter; an empty line asks for each value.");
        PastedBlock pasted = paste();
        ServerAddresses server = server(pasted);
        String accessKey = required("Access key", pasted.accessKey());
        Secret secretKey = Secret.of(
                pasted.secretKey().isEmpty() || !accessKey.equals(pasted.accessKey())
                        ? required("Secret key", "")
                        : pasted.secretKey());
        for (int left = TRIES; ; left--) {
            try {
                verification.logIn(server, accessKey, secretKey);
                break;
            } catch (AgentException e) {
                if (left == 1) {
                    throw e;
                }
                questions.say("The server does not accept this: " + e.getMessage());
                server = server(new PastedBlock(server.api(), server.web(), server.files(), "", ""));
                accessKey = required("Access key", accessKey);
                secretKey = Secret.of(required("Secret key", ""));
            }
        }
        String output = questions.yes("Keep models and artifacts of all code on the files server?", false)
                ? server.files()
                : "";
        String user = questions.text("User for private repositories over https, empty for none", "");
        Secret token = Secret.of(user.isEmpty() ? "" : questions.text("Its token or password", ""));
        List<String> indexes = Stream.of(questions
                        .text("Further package indexes, separated by blanks, empty for none", "")
                        .split("\\s+", -1))
                .filter(index -> !index.isEmpty())
                .toList();
        return new NewConfiguration(server, accessKey, secretKey, user, token, indexes, output);
    }

    private PastedBlock paste() {
        Optional<PastedBlock> pasted = PastedBlock.of(questions.block());
        if (pasted.isEmpty()) {
            questions.say("This is not the block of the web application.");
        }
        return pasted.orElse(NOTHING);
    }

    private ServerAddresses server(PastedBlock pasted) {
        String known = pasted.web().isEmpty() ? pasted.api() : pasted.web();
        String address = known.isEmpty() ? required("Address of the web application", "") : known;
        ServerAddresses usual = ServerAddresses.of(address);
        String api = pasted.api().isEmpty() ? usual.api() : pasted.api();
        String files = pasted.files().isEmpty() ? usual.files() : pasted.files();
        return new ServerAddresses(
                questions.text("API server", api),
                questions.text("Web server", pasted.web().isEmpty() ? usual.web() : pasted.web()),
                questions.text("Files server", files));
    }

    private String required(String question, String otherwise) {
        String answer = questions.text(question, otherwise);
        if (answer.isEmpty()) {
            throw new AgentException(ErrorCode.COMMAND_LINE_INVALID, question + " is needed");
        }
        return answer;
    }
}
