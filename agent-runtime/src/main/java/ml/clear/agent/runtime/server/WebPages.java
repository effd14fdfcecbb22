// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.net.URI;
import ml.clear.agent.api.task.Task;

/**
 * Addresses on the web server, for people; nothing requests them.
 *
 * @param web the web server, without a slash at the end
 */
record WebPages(String web) {

    private static final int TASKS_MINOR = 31;

    /** The pages of the web server that is configured, or that usually goes with the API server. */
    static WebPages of(ServerConnectionSettings settings) {
        return new WebPages(settings.webServer().isEmpty() ? derived(settings.apiServer()) : settings.webServer());
    }

    /**
     * Where the console of a task is shown.
     *
     * @param apiVersion the server's, empty when it is not known, which counts as new
     */
    String results(Task task, String apiVersion) {
        String project = task.projectId().isEmpty() ? "*" : task.projectId();
        String kind = isOld(apiVersion) ? "experiments" : "tasks";
        return web + "/projects/" + project + "/" + kind + "/" + task.id() + "/output/log";
    }

    private static boolean isOld(String apiVersion) {
        String[] parts = apiVersion.split("\\.", -1);
        if (parts.length != 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return false;
        }
        int major = Integer.parseInt(parts[0]);
        return major < 2 || (major == 2 && Integer.parseInt(parts[1]) < TASKS_MINOR);
    }

    private static String derived(URI api) {
        String address = api.toString();
        if (api.getPort() == 8008) {
            return address.replaceFirst(":8008(?=/|$)", ":8080");
        }
        return api.getHost().startsWith("api.") ? address.replaceFirst("://api\\.", "://app.") : address;
    }
}
