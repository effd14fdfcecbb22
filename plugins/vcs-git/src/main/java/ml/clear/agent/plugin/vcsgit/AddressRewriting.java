// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import ml.clear.agent.api.vcs.RepositoryAddress;

/**
 * Changes the address of a repository between https and ssh, as the configuration asks.
 *
 * @param forceSsh whether https becomes ssh
 * @param forcedPort the port of ssh, -1 for the usual one
 * @param forcedUser the user of ssh, empty for {@code git}
 * @param translateSsh whether ssh becomes http where user and password are known
 * @param replacementScheme what takes the place of ssh, {@code https} or {@code http}
 */
record AddressRewriting(
        boolean forceSsh, int forcedPort, String forcedUser, boolean translateSsh, String replacementScheme) {

    /**
     * The address to use.
     *
     * @param opensOverHttp whether credentials for an http or https address are known; asked at most once
     */
    RepositoryAddress rewrite(RepositoryAddress address, HttpAccess opensOverHttp) throws InterruptedException {
        if (address.isSsh() && isAbsoluteScpForm(address)) {
            return address;
        }
        if (forceSsh) {
            return forced(address);
        }
        if (translateSsh && address.isSsh()) {
            RepositoryAddress translated = translated(address);
            return opensOverHttp.test(translated) ? translated : address;
        }
        return address;
    }

    /** Whether user and password for an address are known. */
    interface HttpAccess {
        boolean test(RepositoryAddress address) throws InterruptedException;
    }

    private RepositoryAddress forced(RepositoryAddress address) {
        boolean sshChanges = address.isSsh() && (forcedPort >= 0 || !forcedUser.isEmpty());
        if (!address.scheme().equals("https") && !sshChanges) {
            return address;
        }
        String user = forcedUser.isEmpty() ? "git" : forcedUser;
        String port = forcedPort < 0 ? "" : ":" + forcedPort;
        return RepositoryAddress.parse("ssh://" + user + "@" + address.host() + port + rooted(address.path()));
    }

    private RepositoryAddress translated(RepositoryAddress address) {
        boolean commonUser = address.user().isEmpty()
                || address.user().equals("git")
                || address.user().equals("hg");
        String user = commonUser ? "" : address.user() + "@";
        String port = address.port() < 0 ? "" : ":" + address.port();
        return RepositoryAddress.parse(
                replacementScheme + "://" + user + address.host() + port + rooted(address.path()));
    }

    /** {@code git@host:/absolute/path}, which names a folder of the other machine and has no counterpart in http. */
    private static boolean isAbsoluteScpForm(RepositoryAddress address) {
        return !address.text().contains("://") && address.path().startsWith("/");
    }

    private static String rooted(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }
}
