// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All endpoints, found by name and version. */
final class Routes {

    private final Map<String, List<Endpoint>> byName = new HashMap<>();

    /** Add an endpoint that every version has. */
    Routes add(String name, Endpoint.Handler handler) {
        return add(new Endpoint(name, ApiVersion.FIRST, Set.of(), handler));
    }

    /** Add an endpoint. */
    Routes add(Endpoint endpoint) {
        List<Endpoint> versions = byName.computeIfAbsent(endpoint.name(), name -> new ArrayList<>());
        versions.add(endpoint);
        versions.sort(Comparator.comparing(Endpoint::since).reversed());
        return this;
    }

    /** The one with the greatest lowest version that is not above the wanted one. */
    Optional<Endpoint> find(ApiPath path) {
        return byName.getOrDefault(path.name(), List.of()).stream()
                .filter(endpoint -> endpoint.since().compareTo(path.version()) <= 0)
                .findFirst();
    }

    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }
}
