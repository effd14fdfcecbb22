// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.CredentialChain;
import ml.clear.agent.api.vcs.HostRule;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One row for each form of an address under each setting: which address is used, and whether user and password go there. */
class AddressRewritingTest {

    private static final HostRule ANY = new HostRule("", false);

    /** Columns: configured, address of the task, address that is used, whether credentials go there. */
    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # without credentials nothing changes
            none                 | git@github.com:foo/bar.git              | git@github.com:foo/bar.git                | no
            none                 | ssh://git@github.com/foo/bar.git        | ssh://git@github.com/foo/bar.git          | no
            none                 | ssh://git@github.com:2222/foo/bar.git   | ssh://git@github.com:2222/foo/bar.git     | no
            none                 | https://github.com/foo/bar.git          | https://github.com/foo/bar.git            | no
            none                 | http://github.com/foo/bar.git           | http://github.com/foo/bar.git             | no
            none                 | git://github.com/foo/bar.git            | git://github.com/foo/bar.git              | no
            none                 | /srv/git/foo.git                        | /srv/git/foo.git                          | no
            none                 | file:///srv/git/foo.git                 | file:///srv/git/foo.git                   | no
            none                 | git@ssh.dev.azure.com:v3/o/p/r          | git@ssh.dev.azure.com:v3/o/p/r            | no
            # with credentials ssh becomes https
            pair                 | git@github.com:foo/bar.git              | https://github.com/foo/bar.git            | yes
            pair                 | git@GitHub.com:foo/bar.git              | https://github.com/foo/bar.git            | yes
            pair                 | git@github.com:foo/bar                  | https://github.com/foo/bar                | yes
            pair                 | github.com:foo/bar.git                  | https://github.com/foo/bar.git            | yes
            pair                 | ssh://git@github.com/foo/bar.git        | https://github.com/foo/bar.git            | yes
            pair                 | ssh://github.com/foo/bar.git            | https://github.com/foo/bar.git            | yes
            pair                 | ssh://git:pw@github.com/foo/bar.git     | https://github.com/foo/bar.git            | yes
            pair                 | ssh://git@github.com:2222/foo/bar.git   | https://github.com:2222/foo/bar.git       | yes
            pair                 | ssh://git@github.com:22/foo/bar.git     | https://github.com/foo/bar.git            | yes
            pair                 | git+ssh://git@github.com/foo/bar.git    | https://github.com/foo/bar.git            | yes
            pair                 | ssh://me@host/p                         | https://host/p                            | yes
            pair                 | me@host:p/q.git                         | https://host/p/q.git                      | yes
            pair                 | ssh://hg@host/p                         | https://host/p                            | yes
            pair                 | git@h:2222/foo.git                      | https://h/2222/foo.git                    | yes
            pair                 | git@h:/abs/foo.git                      | git@h:/abs/foo.git                        | no
            pair                 | git@gitlab.com:a/b/c/d.git              | https://gitlab.com/a/b/c/d.git            | yes
            pair                 | ssh://git@gitlab.corp:2222/a/b/c.git    | https://gitlab.corp:2222/a/b/c.git        | yes
            pair                 | git@host:team/my repo.git               | https://host/team/my repo.git             | yes
            pair                 | git@host:~me/repo.git                   | https://host/~me/repo.git                 | yes
            pair                 | https://github.com/foo/bar.git          | https://github.com/foo/bar.git            | yes
            pair                 | https://me@github.com/foo/bar.git       | https://github.com/foo/bar.git            | yes
            pair                 | https://me:pw@github.com/foo/bar.git    | https://github.com/foo/bar.git            | yes
            pair                 | https://github.com:8443/foo/bar.git     | https://github.com:8443/foo/bar.git       | yes
            pair                 | http://github.com/foo/bar.git           | http://github.com/foo/bar.git             | yes
            pair                 | git+https://github.com/foo/bar.git      | https://github.com/foo/bar.git            | yes
            pair                 | git://github.com/foo/bar.git            | git://github.com/foo/bar.git              | no
            pair                 | /srv/git/foo.git                        | /srv/git/foo.git                          | no
            pair                 | file:///srv/git/foo.git                 | file:///srv/git/foo.git                   | no
            pair                 | relative/foo.git                        | relative/foo.git                          | no
            # hosts whose two forms differ
            pair                 | git@ssh.dev.azure.com:v3/org/proj/repo  | https://dev.azure.com/org/proj/_git/repo  | yes
            pair                 | ssh://git@ssh.dev.azure.com/v3/org/proj/repo | https://dev.azure.com/org/proj/_git/repo | yes
            pair                 | ssh://git@ssh.dev.azure.com:22/v3/org/my%20proj/repo | https://dev.azure.com/org/my%20proj/_git/repo | yes
            pair                 | org@vs-ssh.visualstudio.com:v3/org/proj/repo | https://org.visualstudio.com/proj/_git/repo | yes
            pair                 | git@ssh.dev.azure.com:something/else    | https://ssh.dev.azure.com/something/else  | yes
            pair                 | https://dev.azure.com/org/proj/_git/repo | https://dev.azure.com/org/proj/_git/repo | yes
            pair                 | https://org@dev.azure.com/org/proj/_git/repo | https://dev.azure.com/org/proj/_git/repo | yes
            pair                 | https://org.visualstudio.com/proj/_git/repo | https://org.visualstudio.com/proj/_git/repo | yes
            pair                 | ssh://git@bb.corp:7999/PROJ/repo.git    | https://bb.corp/scm/PROJ/repo.git         | yes
            pair                 | ssh://git@bb.corp:7999/~user/repo.git   | https://bb.corp/scm/~user/repo.git        | yes
            pair                 | https://bb.corp/scm/PROJ/repo.git       | https://bb.corp/scm/PROJ/repo.git         | yes
            pair                 | git@bitbucket.org:team/repo.git         | https://bitbucket.org/team/repo.git       | yes
            pair                 | ssh://git@altssh.bitbucket.org:443/team/repo.git | https://bitbucket.org/team/repo.git | yes
            pair                 | ssh://git@ssh.github.com:443/foo/bar.git | https://github.com/foo/bar.git           | yes
            pair                 | ssh://git@altssh.gitlab.com:443/a/b/c.git | https://gitlab.com/a/b/c.git            | yes
            pair                 | ssh://git-codecommit.eu-west-1.amazonaws.com/v1/repos/r | https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/r | yes
            # git_host: credentials for one host
            host=github.com      | git@github.com:foo/bar.git              | https://github.com/foo/bar.git            | yes
            host=GitHub.com      | git@github.com:foo/bar.git              | https://github.com/foo/bar.git            | yes
            host=github.com      | ssh://git@github.com:2222/foo/bar.git   | https://github.com:2222/foo/bar.git       | yes
            host=github.com      | https://github.com/foo/bar.git          | https://github.com/foo/bar.git            | yes
            host=github.com      | git@gitlab.com:foo/bar.git              | git@gitlab.com:foo/bar.git                | no
            host=github.com      | ssh://git@gitlab.com/foo/bar.git        | ssh://git@gitlab.com/foo/bar.git          | no
            host=github.com      | https://gitlab.com/foo/bar.git          | https://gitlab.com/foo/bar.git            | no
            host=github.com      | https://github.com.evil.org/foo/bar.git | https://github.com.evil.org/foo/bar.git   | no
            host=github.com      | https://evil.org/github.com/bar.git     | https://evil.org/github.com/bar.git       | no
            host=github.com      | https://github.com@evil.org/bar.git     | https://evil.org/bar.git                  | no
            host=github.com      | git@api.github.com:foo/bar.git          | git@api.github.com:foo/bar.git            | no
            host=dev.azure.com   | git@ssh.dev.azure.com:v3/org/proj/repo  | https://dev.azure.com/org/proj/_git/repo  | yes
            host=h:8443          | https://h:8443/a.git                    | https://h:8443/a.git                      | yes
            host=h:8443          | https://h/a.git                         | https://h/a.git                           | no
            # git_host_match_prefix
            prefix=github.com/foo         | git@github.com:foo/bar.git     | https://github.com/foo/bar.git            | yes
            prefix=github.com:foo         | git@github.com:foo/bar.git     | https://github.com/foo/bar.git            | yes
            prefix=https://github.com/foo | git@github.com:foo/bar.git     | https://github.com/foo/bar.git            | yes
            prefix=https://github.com/foo | https://github.com/foo/bar.git | https://github.com/foo/bar.git            | yes
            prefix=github.com/foo         | git@github.com:other/bar.git   | git@github.com:other/bar.git              | no
            prefix=github.com/foo         | https://github.com/food/b.git  | https://github.com/food/b.git             | no
            prefix=github.com             | https://github.com.evil.org/a  | https://github.com.evil.org/a             | no
            prefix=gitlab.com/a/b         | git@gitlab.com:a/b/c/d.git     | https://gitlab.com/a/b/c/d.git            | yes
            prefix=github.com/foo/bar     | git@github.com:foo/bar.git     | https://github.com/foo/bar.git            | yes
            # translate_ssl_replacement_scheme, and translate_ssh switched off
            http                 | git@h:a/b.git                           | http://h/a/b.git                          | yes
            http                 | ssh://git@h:3000/a/b.git                | http://h:3000/a/b.git                     | yes
            off                  | git@github.com:foo/bar.git              | git@github.com:foo/bar.git                | no
            off                  | https://github.com/foo/bar.git          | https://github.com/foo/bar.git            | yes
            # force_git_ssh_protocol, with credentials present
            force                | https://github.com/foo/bar.git          | ssh://git@github.com/foo/bar.git          | no
            force                | https://u:p@host:8443/a/b.git           | ssh://git@host/a/b.git                    | no
            force                | https://HOST/a/b.git                    | ssh://git@host/a/b.git                    | no
            force                | https://gitlab.com/a/b/c/d.git          | ssh://git@gitlab.com/a/b/c/d.git          | no
            force                | git+https://host/a/b.git                | ssh://git@host/a/b.git                    | no
            force                | http://host/a/b.git                     | http://host/a/b.git                       | yes
            force                | git://host/a/b.git                      | git://host/a/b.git                        | no
            force                | ssh://me@host:22/a/b.git                | ssh://me@host:22/a/b.git                  | no
            force                | git@host:a/b.git                        | git@host:a/b.git                          | no
            force                | /srv/git/foo.git                        | /srv/git/foo.git                          | no
            force                | https://dev.azure.com/org/proj/_git/repo | ssh://git@ssh.dev.azure.com/v3/org/proj/repo | no
            force                | https://org@dev.azure.com/org/proj/_git/repo | ssh://git@ssh.dev.azure.com/v3/org/proj/repo | no
            force                | https://dev.azure.com/org/_git/repo     | ssh://git@ssh.dev.azure.com/v3/org/repo/repo | no
            force                | https://org.visualstudio.com/proj/_git/repo | ssh://org@vs-ssh.visualstudio.com/v3/org/proj/repo | no
            force                | https://org.visualstudio.com/DefaultCollection/proj/_git/repo | ssh://org@vs-ssh.visualstudio.com/v3/org/proj/repo | no
            force                | https://bb.corp/scm/PROJ/repo.git       | ssh://git@bb.corp:7999/PROJ/repo.git      | no
            force                | https://bitbucket.org/team/repo.git     | ssh://git@bitbucket.org/team/repo.git     | no
            force port user      | https://host/a/b.git                    | ssh://svc@host:2222/a/b.git               | no
            force port user      | ssh://me@host:22/a/b.git                | ssh://svc@host:2222/a/b.git               | no
            force port user      | git@host:a/b.git                        | ssh://svc@host:2222/a/b.git               | no
            force port user      | git@host:/abs/b.git                     | git@host:/abs/b.git                       | no
            force port           | https://host/a/b.git                    | ssh://git@host:2222/a/b.git               | no
            force port           | https://bb.corp/scm/PROJ/repo.git       | ssh://git@bb.corp:2222/PROJ/repo.git      | no
            force user           | https://host:8443/a/b.git               | ssh://svc@host/a/b.git                    | no
            force user           | ssh://me@host:22/a/b.git                | ssh://svc@host/a/b.git                    | no
            # forced for one host
            force host=github.com | https://github.com/foo/bar.git         | ssh://git@github.com/foo/bar.git          | no
            force host=GitHub.com | https://github.com/foo/bar.git         | ssh://git@github.com/foo/bar.git          | no
            force host=github.com | https://gitlab.com/foo/bar.git         | https://gitlab.com/foo/bar.git            | no
            force host=github.com | git@gitlab.com:foo/bar.git             | git@gitlab.com:foo/bar.git                | no
            force host=github.com | git@github.com:foo/bar.git             | git@github.com:foo/bar.git                | no
            """)
    void eachFormOfAddressIsUsedAsConfigured(String configured, String address, String used, String credentials)
            throws InterruptedException {
        CredentialChain chain = chain(configured);

        RepositoryAddress result = rewriting(configured)
                .rewrite(
                        RepositoryAddress.parse(address),
                        candidate -> chain.find(candidate).isPresent());

        assertThat(result.text()).isEqualTo(used);
        assertThat(chain.find(result).isPresent()).isEqualTo(credentials.equals("yes"));
    }

    @Test
    void usersOtherThanTheUsualOnesAreKept() throws InterruptedException {
        RepositoryAddress kept = rewriting("pair").rewrite(RepositoryAddress.parse("ssh://me@host/p"), _ -> true);

        assertThat(kept.user()).isEqualTo("me");
    }

    @Test
    void anAddressThatIsNotTranslatedAsksForNoCredentials() throws InterruptedException {
        List<RepositoryAddress> asked = new ArrayList<>();

        rewriting("force").rewrite(RepositoryAddress.parse("https://host/a.git"), asked::add);
        rewriting("off").rewrite(RepositoryAddress.parse("git@host:a.git"), asked::add);

        assertThat(asked).isEmpty();
    }

    private static AddressRewriting rewriting(String configured) {
        return new AddressRewriting(
                configured.startsWith("force"),
                configured.contains("port") ? 2222 : -1,
                configured.contains("user") ? "svc" : "",
                host(configured),
                !configured.equals("off"),
                configured.equals("http") ? "http" : "https");
    }

    private static CredentialChain chain(String configured) {
        VcsCredential pair = new UserPassword("u", Secret.of("p"));
        HostRule host = host(configured);
        return new CredentialChain(List.of(new CredentialChain.Source(
                "pair",
                repository -> configured.equals("none") || !repository.isHttp() || !host.matches(repository)
                        ? List.of()
                        : List.of(pair))));
    }

    private static HostRule host(String configured) {
        int value = configured.indexOf('=');
        return value < 0 ? ANY : new HostRule(configured.substring(value + 1), configured.startsWith("prefix"));
    }
}
