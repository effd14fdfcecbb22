// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import java.util.List;
import ml.clear.agent.api.secret.Secret;

/**
 * A first configuration file, with comments.
 *
 * @param gitUser empty for none
 * @param indexes further package indexes, possibly none
 * @param outputUri where models and artifacts go; empty for the server's default
 */
public record NewConfiguration(
        ServerAddresses server,
        String accessKey,
        Secret secretKey,
        String gitUser,
        Secret gitPass,
        List<String> indexes,
        String outputUri) {

    /** Copies the list. */
    public NewConfiguration {
        indexes = List.copyOf(indexes);
    }

    /** The text of the file; it holds secrets. */
    public String text() {
        StringBuilder text = new StringBuilder("""
                # ClearML configuration of this user: 'clearml-agent config explain KEY' explains every key,
                # 'clearml-agent config validate' checks the file.

                api {
                    # The server, and the credentials from Settings > Workspace of its web application.
                """);
        line(text, 1, "api_server", server.api());
        line(text, 1, "web_server", server.web());
        line(text, 1, "files_server", server.files());
        text.append("    credentials {\n");
        line(text, 2, "access_key", accessKey);
        line(text, 2, "secret_key", secretKey.reveal());
        text.append(
                "    }\n}\n\nagent {\n    # User and token for private repositories over https; keys of ssh need neither.\n");
        line(text, 1, "git_user", gitUser);
        line(text, 1, "git_pass", gitPass.reveal());
        text.append("\n    package_manager {\n        # Further package indexes, besides the usual one.\n");
        text.append("        extra_index_url: [");
        String separator = "";
        for (String index : indexes) {
            text.append(separator);
            Json.quote(index, text);
            separator = ", ";
        }
        text.append("]\n    }\n}\n");
        if (!outputUri.isEmpty()) {
            text.append("\nsdk.development {\n    # Where models and artifacts go when the code does not say.\n");
            line(text, 1, "default_output_uri", outputUri);
            text.append("}\n");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, int depth, String key, String value) {
        text.repeat("    ", depth).append(key).append(": ");
        Json.quote(value, text);
        text.append('\n');
    }
}
