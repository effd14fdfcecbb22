// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.vcs.RepositoryAddress;

/**
 * How a kind of host writes the address of one repository over ssh and over http. Most write the same path, the rest are named
 * here.
 */
enum HostForm {

    /** {@code git@ssh.dev.azure.com:v3/org/project/repo} and {@code https://dev.azure.com/org/project/_git/repo}. */
    AZURE {
        @Override
        Place overHttp(RepositoryAddress address) {
            Matcher path = AZURE_SSH_PATH.matcher(rooted(address.path()));
            if (!path.matches()) {
                return SAME.overHttp(address);
            }
            boolean legacy = address.host().equals(VISUAL_STUDIO_SSH);
            return legacy
                    ? new Place(path.group(1) + VISUAL_STUDIO, -1, "/" + path.group(2) + "/_git/" + path.group(3))
                    : new Place(AZURE_HTTP, -1, "/" + path.group(1) + "/" + path.group(2) + "/_git/" + path.group(3));
        }

        @Override
        Place overSsh(RepositoryAddress address) {
            boolean legacy = address.host().endsWith(VISUAL_STUDIO);
            String organisation =
                    legacy ? address.host().substring(0, address.host().length() - VISUAL_STUDIO.length()) : "";
            Matcher path = (legacy ? VISUAL_STUDIO_PATH : AZURE_PATH).matcher(address.path());
            if (!path.matches()) {
                return SAME.overSsh(address);
            }
            return legacy
                    ? new Place(organisation, VISUAL_STUDIO_SSH, -1, v3(organisation, path.group(1), path.group(2)))
                    : new Place(AZURE_SSH, -1, v3(path.group(1), path.group(2), path.group(3)));
        }

        /** The project may be omitted when the repository has the same name. */
        private static String v3(String organisation, String project, String repository) {
            return "/v3/" + organisation + "/" + (project == null ? repository : project) + "/" + repository;
        }
    },

    /**
     * {@code ssh://git@host:7999/KEY/repo.git} and {@code https://host/scm/KEY/repo.git} of a self-hosted Bitbucket.
     */
    BITBUCKET_SERVER {
        @Override
        Place overHttp(RepositoryAddress address) {
            return new Place(address.host(), -1, "/scm" + rooted(address.path()));
        }

        @Override
        Place overSsh(RepositoryAddress address) {
            String path = address.path();
            int scm = path.indexOf("/scm/");
            return new Place(address.host(), BITBUCKET_PORT, path.substring(scm + "/scm".length()));
        }
    },

    /** A separate host with ssh on the https port, for networks that block other ports. */
    SSH_OVER_443 {
        @Override
        Place overHttp(RepositoryAddress address) {
            return new Place(ALTERNATIVES.getOrDefault(address.host(), address.host()), -1, rooted(address.path()));
        }

        @Override
        Place overSsh(RepositoryAddress address) {
            return SAME.overSsh(address);
        }
    },

    /** The same host and path. The ssh port is kept, as in the Python agent, except the default one. */
    SAME {
        @Override
        Place overHttp(RepositoryAddress address) {
            return new Place(address.host(), address.port() == SSH_PORT ? -1 : address.port(), rooted(address.path()));
        }

        @Override
        Place overSsh(RepositoryAddress address) {
            return new Place(address.host(), -1, rooted(address.path()));
        }
    };

    private static final int SSH_PORT = 22;
    private static final int BITBUCKET_PORT = 7999;
    private static final String AZURE_HTTP = "dev.azure.com";
    private static final String AZURE_SSH = "ssh.dev.azure.com";
    private static final String VISUAL_STUDIO = ".visualstudio.com";
    private static final String VISUAL_STUDIO_SSH = "vs-ssh.visualstudio.com";
    private static final Pattern AZURE_SSH_PATH = Pattern.compile("/v3/([^/]+)/([^/]+)/([^/]+)/?");
    private static final Pattern AZURE_PATH = Pattern.compile("/([^/]+)/(?:([^/]+)/)?_git/([^/]+)/?");
    private static final Pattern VISUAL_STUDIO_PATH =
            Pattern.compile("/(?:DefaultCollection/)?(?:([^/]+)/)?_git/([^/]+)/?", Pattern.CASE_INSENSITIVE);
    private static final Map<String, String> ALTERNATIVES = Map.of(
            "ssh.github.com", "github.com",
            "altssh.gitlab.com", "gitlab.com",
            "altssh.bitbucket.org", "bitbucket.org");

    /**
     * Where a repository is.
     *
     * @param user the user that ssh needs there, empty for the usual one
     * @param port -1 for the usual one
     * @param path the path, which begins with a slash
     */
    record Place(String user, String host, int port, String path) {

        Place(String host, int port, String path) {
            this("", host, port, path);
        }

        String userOr(String usual) {
            return user.isEmpty() ? usual : user;
        }
    }

    /** The form of the host of an address. */
    static HostForm of(RepositoryAddress address) {
        String host = address.host();
        if (host.equals(AZURE_HTTP) || host.equals(AZURE_SSH) || host.endsWith(VISUAL_STUDIO)) {
            return AZURE;
        }
        if (ALTERNATIVES.containsKey(host)) {
            return SSH_OVER_443;
        }
        boolean bitbucket = address.isSsh()
                ? address.port() == BITBUCKET_PORT
                : address.path().contains("/scm/");
        return bitbucket ? BITBUCKET_SERVER : SAME;
    }

    /** Where the repository of an ssh address is over http. */
    abstract Place overHttp(RepositoryAddress address);

    /** Where the repository of an http address is over ssh. */
    abstract Place overSsh(RepositoryAddress address);

    static String rooted(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }
}
