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
        "https://user:p@ss:word@host.example/a, https, user, host.example, -1, /a",
        "http://[::1]:8080/a, http, '', [::1], 8080, /a",
        "https://host.example:/a, https, '', host.example, -1, /a",
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
    @ValueSource(
            strings = {
                "https://user:hunter2@host/a",
                "ssh://git:hunter2@host/a",
                "http://:hunter2@host/a",
                "https://u:hunter2@@host/a"
            })
    void aPasswordNeverShows(String text) {
        assertThat(RepositoryAddress.parse(text).toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "hg+https://host/a, hg, https, https://host/a",
        "HG+ssh://hg@host/a, hg, ssh, ssh://hg@host/a",
        "git+https://u:p@host/a.git, git, https, https://host/a.git",
        "git+file:///srv/a, git, file, file:///srv/a",
        "https://host/a+b, '', https, https://host/a+b",
        "git@host:a+b.git, '', ssh, git@host:a+b.git",
    })
    void theBeginningNamesTheSystem(String text, String system, String scheme, String address) {
        RepositoryAddress parsed = RepositoryAddress.parse(text);

        assertThat(parsed.system()).isEqualTo(system);
        assertThat(parsed.scheme()).isEqualTo(scheme);
        assertThat(parsed.text()).isEqualTo(address);
    }

    @Test
    void aUrlThatCannotBeReadIsRefusedWithoutItsPassword() {
        assertThatThrownBy(() -> RepositoryAddress.parse("https://u:hunter2/x@host/a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("percent-encoded")
                .hasMessageNotContaining("hunter2");
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
