// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "git+https://host/a.git, https://host/a.git",
        "git+https://host/a.git@v1#egg=a, https://host/a.git",
        "git+https://host/a.git@feature/x, https://host/a.git",
        "git+https://u:p@host:8443/a.git@v1, https://host:8443/a.git",
        "git+ssh://git@host/a/b.git@0123abc, ssh://git@host/a/b.git",
        "name @ git+https://host/a.git ; python_version > '3', https://host/a.git",
        "name@git+https://host/a.git, https://host/a.git",
        "-e git+https://host/a.git#egg=a, https://host/a.git",
        "--editable=git+file:///srv/a, file:///srv/a",
        "hg+https://host/a, https://host/a",
    })
    void theAddressIsTakenOutOfEveryForm(String requirement, String address) {
        assertThat(RepositoryAddresses.address(requirement)).get().hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"name==1.0", "https://host/a.whl", "./folder", "svn+https://host/a", "git+https://u:p/x@h/a"})
    void otherRequirementsHaveNone(String requirement) {
        assertThat(RepositoryAddresses.address(requirement)).isEmpty();
    }
}
