// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/**
 * The address of a repository, in any form that git understands. A beginning such as {@code hg+} or {@code git+} names the
 * version control system, as in pip's requirements.
 *
 * @param system the version control system that the address names, in lower case; empty when it names none
 * @param text the address without the name of the system, with user and password taken out, except the user name of an ssh address
 * @param scheme {@code https}, {@code http}, {@code ssh}, {@code git} or {@code file}, in lower case; {@code ssh} for the
 *     form {@code user@host:path}, and {@code file} for a bare path
 * @param user the user name in the address, empty without one
 * @param host the host in lower case, empty for a local path
 * @param port the port, -1 for the usual one
 * @param path the path as it was written
 */
@Stability.Incubating(since = "0.1")
public record RepositoryAddress(
        String system, String text, String scheme, String user, String host, int port, String path) {

    private static final Pattern SYSTEM_FORM = Pattern.compile("([A-Za-z][A-Za-z0-9]*)\\+([A-Za-z][A-Za-z0-9]*:.*)");
    private static final Pattern SCP_FORM = Pattern.compile("(?:([^/@:#]+)@)?([^/@:#]+):([^/@:#].*)");
    private static final Pattern URL_FORM = Pattern.compile(
            "([A-Za-z][A-Za-z0-9+.-]*)://(?:([^/@:]*)(?::[^/]*)?@)?([^/:@]*|\\[[^]/]*])(?::(\\d{0,5}))?(/.*)?");

    /**
     * Read an address.
     *
     * @throws IllegalArgumentException when it is empty, starts like an option of a program, or is no well-formed URL; the
     *     message shows no password
     */
    public static RepositoryAddress parse(String address) {
        String trimmed = address.strip();
        if (trimmed.isEmpty() || trimmed.startsWith("-")) {
            throw new IllegalArgumentException("expected the address of a repository, got '" + trimmed + "'");
        }
        Matcher named = SYSTEM_FORM.matcher(trimmed);
        return named.matches()
                ? ofSystem(named.group(1).toLowerCase(Locale.ROOT), named.group(2))
                : ofSystem("", trimmed);
    }

    private static RepositoryAddress ofSystem(String system, String address) {
        Matcher url = URL_FORM.matcher(address);
        if (url.matches()) {
            return ofUrl(system, url);
        }
        if (address.contains("://")) {
            // what cannot be taken apart may hold a password anywhere
            throw new IllegalArgumentException("expected the address of a repository such as"
                    + " 'https://host:port/path'; a password in an address must be percent-encoded");
        }
        Matcher scp = SCP_FORM.matcher(address);
        if (scp.matches()) {
            String user = scp.group(1) == null ? "" : scp.group(1);
            String host = scp.group(2).toLowerCase(Locale.ROOT);
            return new RepositoryAddress(system, address, "ssh", user, host, -1, scp.group(3));
        }
        return new RepositoryAddress(system, address, "file", "", "", -1, address);
    }

    private static RepositoryAddress ofUrl(String system, Matcher url) {
        String scheme = url.group(1).toLowerCase(Locale.ROOT);
        String user = url.group(2) == null ? "" : url.group(2);
        String host = url.group(3).toLowerCase(Locale.ROOT);
        boolean hasPort = url.group(4) != null && !url.group(4).isEmpty();
        int port = hasPort ? Integer.parseInt(url.group(4)) : -1;
        String path = url.group(5) == null ? "" : url.group(5);
        String shownUser = scheme.equals("ssh") && !user.isEmpty() ? user + "@" : "";
        String text = scheme + "://" + shownUser + url.group(3) + (port < 0 ? "" : ":" + port) + path;
        return new RepositoryAddress(system, text, scheme, user, host, port, path);
    }

    /** Whether it is reached over http or https. */
    public boolean isHttp() {
        return scheme.equals("http") || scheme.equals("https");
    }

    /** Whether it is reached over ssh. */
    public boolean isSsh() {
        return scheme.equals("ssh");
    }

    /** The address as a URL without user info, for looking up credentials; of an ssh address too. */
    public URI withoutUser() {
        String slash = path.startsWith("/") ? "" : "/";
        return URI.create(scheme + "://" + host + (port < 0 ? "" : ":" + port) + slash + path.replace(" ", "%20"));
    }

    /** The last element of the path, without {@code .git}. */
    public String name() {
        String trimmed = path.replaceAll("/+$", "");
        String last = trimmed.substring(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf(':')) + 1);
        return last.endsWith(".git") ? last.substring(0, last.length() - 4) : last;
    }

    /** The address without any password. */
    @Override
    public String toString() {
        return text;
    }
}
