// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.vcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryAddressTest {

    @ParameterizedTest
    @CsvSource({
        "https://user:pass@Host.example/a/b.git, https, user, host.example, -1, /a/b.git",
        "https://host.example:8443/a/b, https, '', host.example, 8443, /a/b",
        "ssh://git@host.example:2222/a/b.git, ssh, git, host.example, 2222, /a/b.git",
        "git@host.example:a/b.git, ssh, git, host.example, -1, a/b.git",
        "host.example:a/b.git, ssh, '', host.example, -1, a/b.git",
        "file:///srv/git/b.git, file, '', '', -1, /srv/git/b.git",
        "/srv/git/b.git, file, '', '', -1, /srv/git/b.git",
    })
    void everyFormOfAddressIsTakenApart(String text, String scheme, String user, String host, int port, String path) {
        RepositoryAddress address = RepositoryAddress.parse(text);

        assertThat(address.scheme()).isEqualTo(scheme);
        assertThat(address.user()).isEqualTo(user);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.port()).isEqualTo(port);
        assertThat(address.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://user:hunter2@host/a", "ssh://git:hunter2@host/a", "http://:hunter2@host/a"})
    void aPasswordNeverShows(String text) {
        assertThat(RepositoryAddress.parse(text).toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "--upload-pack=evil", "-oProxyCommand=evil:x"})
    void whatAProgramCouldTakeForAnOptionIsRefused(String text) {
        assertThatThrownBy(() -> RepositoryAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address of a repository");
    }

    @Test
    void theNameIsTheLastPartWithoutSuffix() {
        assertThat(RepositoryAddress.parse("git@h:team/project.git").name()).isEqualTo("project");
        assertThat(RepositoryAddress.parse("https://h/team/project/").name()).isEqualTo("project");
    }
}
