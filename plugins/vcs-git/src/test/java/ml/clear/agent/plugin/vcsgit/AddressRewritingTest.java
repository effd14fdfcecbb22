// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import static org.assertj.core.api.Assertions.assertThat;

import ml.clear.agent.api.vcs.RepositoryAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRewritingTest {

    private static final AddressRewriting TRANSLATING = new AddressRewriting(false, -1, "", true, "https");
    private static final AddressRewriting FORCING = new AddressRewriting(true, -1, "", true, "https");

    @ParameterizedTest
    @CsvSource({
        "git@github.com:foo/bar.git, https://github.com/foo/bar.git",
        "git@GitHub.com:foo/bar.git, https://github.com/foo/bar.git",
        "ssh://git@github.com:2222/foo/bar.git, https://github.com:2222/foo/bar.git",
        "git@h:2222/foo.git, https://h/2222/foo.git",
        "git@h:/abs/foo.git, git@h:/abs/foo.git",
        "https://github.com/foo/bar.git, https://github.com/foo/bar.git",
        "http://github.com/foo/bar.git, http://github.com/foo/bar.git",
        "/srv/git/foo.git, /srv/git/foo.git"
    })
    void sshBecomesHttpsWhereCredentialsAreKnown(String from, String to) throws InterruptedException {
        assertThat(TRANSLATING.rewrite(RepositoryAddress.parse(from), _ -> true).text())
                .isEqualTo(to);
    }

    @Test
    void usersOtherThanTheUsualOnesAreKept() throws InterruptedException {
        RepositoryAddress kept = TRANSLATING.rewrite(RepositoryAddress.parse("ssh://me@host/p"), _ -> true);

        assertThat(kept.scheme()).isEqualTo("https");
        assertThat(kept.user()).isEqualTo("me");
    }

    @ParameterizedTest
    @CsvSource({"git@github.com:foo/bar.git", "ssh://git@github.com/foo/bar.git", "https://github.com/foo/bar.git"})
    void withoutCredentialsNothingIsTranslated(String address) throws InterruptedException {
        RepositoryAddress parsed = RepositoryAddress.parse(address);

        assertThat(TRANSLATING.rewrite(parsed, _ -> false)).isEqualTo(parsed);
    }

    @Test
    void replacementSchemeIsUsed() throws InterruptedException {
        AddressRewriting plain = new AddressRewriting(false, -1, "", true, "http");

        assertThat(plain.rewrite(RepositoryAddress.parse("git@h:a/b.git"), _ -> true)
                        .text())
                .isEqualTo("http://h/a/b.git");
    }

    @ParameterizedTest
    @CsvSource({
        "https://u:p@host:8443/a/b.git, ssh://git@host/a/b.git",
        "https://HOST/a/b.git, ssh://git@host/a/b.git",
        "http://host/a/b.git, http://host/a/b.git",
        "ssh://me@host:22/a/b.git, ssh://me@host:22/a/b.git",
        "git@host:a/b.git, git@host:a/b.git"
    })
    void httpsBecomesSshWhereForced(String from, String to) throws InterruptedException {
        assertThat(FORCING.rewrite(RepositoryAddress.parse(from), _ -> true).text())
                .isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({
        "https://host/a/b.git, ssh://svc@host:2222/a/b.git",
        "ssh://me@host:22/a/b.git, ssh://svc@host:2222/a/b.git",
        "git@host:a/b.git, ssh://svc@host:2222/a/b.git"
    })
    void forcedUserAndPortReplaceThoseOfSshAddresses(String from, String to) throws InterruptedException {
        AddressRewriting forcing = new AddressRewriting(true, 2222, "svc", true, "https");

        assertThat(forcing.rewrite(RepositoryAddress.parse(from), _ -> true).text())
                .isEqualTo(to);
    }
}
