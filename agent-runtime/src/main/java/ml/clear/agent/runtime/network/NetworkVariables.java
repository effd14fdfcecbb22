// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The variables by which a task, git, pip and their like reach what we reach. */
final class NetworkVariables {

    private static final String GIT_BUNDLE = "GIT_SSL_CAINFO";

    /** Read by OpenSSL, Python's requests, curl, pip, git and Node.js, in this order. */
    private static final List<String> BUNDLES = List.of(
            "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", GIT_BUNDLE, "NODE_EXTRA_CA_CERTS");

    private static final String CERTIFICATE_FOLDER = "SSL_CERT_DIR";

    /** Python's requests, and with it the SDK, puts these above its own word for {@code api.verify_certificate}. */
    private static final List<String> OF_REQUESTS = List.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

    /** What one of these names, the agent trusts besides all others; a program that reads another one would not. */
    private static final List<String> ADDED_UP =
            List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", CERTIFICATE_FOLDER);

    private static final String PIP_BUNDLE = "PIP_CERT";

    /** The ClearML SDK's word for {@code api.verify_certificate}. */
    private static final String VERIFY = "CLEARML_API_HOST_VERIFY_CERT";

    private static final String THIS_MACHINE = "localhost,127.0.0.1,::1";

    private NetworkVariables() {}

    /**
     * The variables.
     *
     * @param bundle the file with all that the agent trusts; asked for only when a variable or the configuration names one
     */
    static Map<String, String> of(CertificateCheck check, Supplier<Path> bundle, Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>();
        BUNDLES.forEach(name -> keep(variables, environment, name));
        keep(variables, environment, CERTIFICATE_FOLDER);
        switch (check) {
            case CertificateCheck.Bundle _ -> addBundle(variables, bundle.get().toAbsolutePath());
            case CertificateCheck.None() -> checkNothing(variables);
            case CertificateCheck.Usual() -> {
                if (ADDED_UP.stream().anyMatch(variables::containsKey)) {
                    Path file = bundle.get().toAbsolutePath();
                    addUp(variables, file);
                    variables.putIfAbsent(GIT_BUNDLE, file.toString()); // git reads none of the others
                }
            }
        }
        addProxies(variables, environment);
        return Map.copyOf(variables);
    }

    /** Which inherited variables a task must not see, since they would stand above {@code api.verify_certificate}. */
    static Set<String> removed(CertificateCheck check) {
        return check instanceof CertificateCheck.None ? Set.copyOf(OF_REQUESTS) : Set.of();
    }

    private static void addBundle(Map<String, String> variables, Path file) {
        addUp(variables, file);
        BUNDLES.forEach(name -> variables.putIfAbsent(name, file.toString()));
    }

    /** The file holds what each of the variables named, and the rest. */
    private static void addUp(Map<String, String> variables, Path file) {
        variables.put("SSL_CERT_FILE", file.toString());
        OF_REQUESTS.forEach(name -> variables.put(name, file.toString()));
    }

    private static void checkNothing(Map<String, String> variables) {
        variables.put(VERIFY, "false");
        for (String name : OF_REQUESTS) {
            String bundle = variables.remove(name);
            if (bundle != null) {
                variables.putIfAbsent(PIP_BUNDLE, bundle); // pip would no longer find the site's index without it
            }
        }
    }

    /** The same for people. */
    static Map<String, String> masked(Map<String, String> variables) {
        Map<String, String> shown = new TreeMap<>();
        variables.forEach((name, value) -> shown.put(name, isProxy(name) ? ProxyAddress.masked(value) : value));
        return shown;
    }

    private static void keep(Map<String, String> variables, Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (!value.isBlank()) {
            variables.put(name, value);
        }
    }

    /** In both cases: curl, for one, reads {@code http_proxy} in lower case alone, other programs the other one alone. */
    private static void addProxies(Map<String, String> variables, Map<String, String> environment) {
        for (String name : EnvironmentProxies.VARIABLES) {
            putBoth(variables, name, EnvironmentProxies.value(environment, name));
        }
        String direct = EnvironmentProxies.value(environment, EnvironmentProxies.NO_PROXY);
        if (variables.keySet().stream().anyMatch(NetworkVariables::isProxy)) {
            // our own server may listen on this machine, and other programs do not go there directly by themselves
            putBoth(
                    variables,
                    EnvironmentProxies.NO_PROXY,
                    direct.isEmpty() ? THIS_MACHINE : direct.equals("*") ? direct : direct + "," + THIS_MACHINE);
        }
    }

    private static void putBoth(Map<String, String> variables, String name, String value) {
        if (!value.isEmpty()) {
            variables.put(name, value);
            variables.put(name.toUpperCase(Locale.ROOT), value);
        }
    }

    private static boolean isProxy(String name) {
        return EnvironmentProxies.VARIABLES.contains(name.toLowerCase(Locale.ROOT));
    }
}
