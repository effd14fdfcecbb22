// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The calls {@code projects.*}. */
final class HttpProjectService implements ProjectService {

    private static final int NAME_TAKEN = 801;

    private final ApiConnection connection;

    HttpProjectService(ApiConnection connection) {
        this.connection = connection;
    }

    @Override
    public String findOrCreate(String name) {
        String normal = normal(name);
        return find(normal).orElseGet(() -> create(normal));
    }

    private String create(String name) {
        Json project = Json.object().with("name", name).with("description", "").build();
        ApiRequest request = ApiRequest.of("projects.create", project, Repetition.FREELY);
        ApiConnection.Answer answer = connection.ask(request);
        if (answer.envelope().isRefusal(NAME_TAKEN)) {
            Optional<String> other = find(name);
            if (other.isPresent()) {
                return other.get(); // another client created it meanwhile
            }
        }
        return connection.accepted(request, answer).at("id").text();
    }

    @Override
    public String name(String id) {
        Json query = Json.object()
                .with("id", Json.texts(id))
                .with("search_hidden", true)
                .with("only_fields", Json.texts("id", "name"))
                .build();
        return connection.call("projects.get_all", query, Repetition.FREELY).at("projects").items().stream()
                .findFirst()
                .map(project -> project.at("name").text())
                .orElse("");
    }

    private Optional<String> find(String name) {
        Json query = Json.object()
                .with("name", NamePattern.exactly(name))
                .with("search_hidden", true)
                .with("only_fields", Json.texts("id", "name"))
                .build();
        return connection.call("projects.get_all", query, Repetition.FREELY).at("projects").items().stream()
                .filter(project -> project.at("name").text().equals(name))
                .map(project -> project.at("id").text())
                .findFirst();
    }

    /** The server drops doubled slashes and blanks around the parts of a path; the search must look for what it stores. */
    private static String normal(String name) {
        return Arrays.stream(name.split("/"))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
    }
}
