// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The block that the web application shows for new credentials, as it is pasted: whole, or the content of {@code api} alone.
 * What it does not hold is empty.
 */
public record PastedBlock(String api, String web, String files, String accessKey, String secretKey) {

    /** Read a pasted text; empty when it cannot be read. */
    public static Optional<PastedBlock> of(String text) {
        List<Problem> problems = new ArrayList<>();
        Node.Group root = new HoconParser(Map.of(), SourceTexts.onDisk(), problems::add).text("the pasted block", text);
        if (problems.stream().anyMatch(Problem::isError)) {
            return Optional.empty();
        }
        return Optional.of(new PastedBlock(
                first(root, "api.api_server", "api_server", "host"),
                first(root, "api.web_server", "web_server"),
                first(root, "api.files_server", "files_server"),
                first(root, "api.credentials.access_key", "credentials.access_key"),
                first(root, "api.credentials.secret_key", "credentials.secret_key")));
    }

    private static String first(Node.Group root, String... keys) {
        for (String key : keys) {
            if (root.at(key).orElse(null) instanceof Node.Scalar scalar) {
                return scalar.text().strip();
            }
        }
        return "";
    }

    /** The keys alone, without the secret. */
    @Override
    public String toString() {
        return "PastedBlock[" + api + ", " + web + ", " + files + "]";
    }
}
