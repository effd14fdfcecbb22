// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import ml.clear.agent.api.vcs.HostRule;
import ml.clear.agent.api.vcs.RepositoryAddress;

/**
 * Changes the address of a repository between https and ssh, as configured.
 *
 * @param forceSsh whether https becomes ssh
 * @param forcedPort the port of ssh, -1 for the usual one
 * @param forcedUser the user of ssh, empty for {@code git}
 * @param forcedHost the addresses that ssh is forced for
 * @param translateSsh whether ssh becomes http where user and password are known
 * @param replacementScheme what takes the place of ssh, {@code https} or {@code http}
 */
record AddressRewriting(
        boolean forceSsh,
        int forcedPort,
        String forcedUser,
        HostRule forcedHost,
        boolean translateSsh,
        String replacementScheme) {

    /**
     * The address to use.
     *
     * @param opensOverHttp whether credentials for an http or https address are known; asked at most once
     */
    RepositoryAddress rewrite(RepositoryAddress address, HttpAccess opensOverHttp) throws InterruptedException {
        if (address.isSsh() && isAbsoluteScpForm(address)) {
            return address;
        }
        if (forceSsh && forcedHost.matches(address)) {
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
        HostForm.Place place = address.isSsh()
                ? new HostForm.Place(address.host(), address.port(), HostForm.rooted(address.path()))
                : HostForm.of(address).overSsh(address);
        String user = forcedUser.isEmpty() ? place.userOr("git") : forcedUser;
        int port = forcedPort >= 0 ? forcedPort : address.isSsh() ? -1 : place.port();
        return RepositoryAddress.parse("ssh://" + user + "@" + place.host() + suffix(port) + place.path());
    }

    private RepositoryAddress translated(RepositoryAddress address) {
        HostForm.Place place = HostForm.of(address).overHttp(address);
        boolean commonUser = address.user().isEmpty()
                || address.user().equals("git")
                || address.user().equals("hg");
        String user = commonUser ? "" : address.user() + "@";
        return RepositoryAddress.parse(
                replacementScheme + "://" + user + place.host() + suffix(place.port()) + place.path());
    }

    private static String suffix(int port) {
        return port < 0 ? "" : ":" + port;
    }

    /** {@code git@host:/absolute/path}, which names a folder of the remote machine and has no http equivalent. */
    private static boolean isAbsoluteScpForm(RepositoryAddress address) {
        return !address.text().contains("://") && address.path().startsWith("/");
    }
}
