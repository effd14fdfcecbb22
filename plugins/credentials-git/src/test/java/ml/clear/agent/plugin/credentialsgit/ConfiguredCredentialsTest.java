// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential.BearerToken;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.plugin.credentialsgit.CredentialSettings.Entry;
import ml.clear.agent.plugin.credentialsgit.CredentialSettings.Scheme;
import ml.clear.agent.testkit.VcsCredentialProviderContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfiguredCredentialsTest extends VcsCredentialProviderContract {

    private static final Entry EXTRA = new Entry("team", Secret.of("of-team"), "git.example.org");

    @Override
    protected VcsCredentialProvider provider() {
        return new ConfiguredCredentials(new CredentialSettings(List.of(EXTRA), false, Scheme.PAIR));
    }

    @Override
    protected RepositoryAddress known() {
        return RepositoryAddress.parse("https://git.example.org/a/b.git");
    }

    @Override
    protected String secret() {
        return "of-team";
    }

    @Test
    void entriesForSingleHostsBeatTheGeneralPair() {
        Entry general = new Entry("all", Secret.of("of-all"), "");
        var provider = new ConfiguredCredentials(new CredentialSettings(List.of(EXTRA, general), false, Scheme.PAIR));

        assertThat(provider.lookUp(known()))
                .first()
                .isInstanceOfSatisfying(
                        UserPassword.class, pair -> assertThat(pair.user()).isEqualTo("team"));
        assertThat(provider.lookUp(known())).as("the general pair is next").hasSize(2);
        assertThat(provider.lookUp(RepositoryAddress.parse("https://elsewhere.org/a.git")))
                .singleElement()
                .isInstanceOfSatisfying(
                        UserPassword.class, pair -> assertThat(pair.user()).isEqualTo("all"));
        assertThat(provider.lookUp(RepositoryAddress.parse("git@elsewhere.org:a.git")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "github.com/Team, true",
        "https://github.com/team/, true",
        "https://github.com/team/repo, true",
        "github.com:team, true",
        "github.com, true",
        "github.com/te, false",
        "github.co, false",
        "https://other.com, false"
    })
    void prefixesMatchWholeElementsInEveryForm(String host, boolean matches) {
        Entry entry = new Entry("u", Secret.of("p"), host);
        var provider = new ConfiguredCredentials(new CredentialSettings(List.of(entry), true, Scheme.PAIR));

        assertThat(provider.lookUp(RepositoryAddress.parse("https://GitHub.com/team/repo.git"))
                        .isEmpty())
                .isEqualTo(!matches);
    }

    @Test
    void tokensAreSentInTheirOwnWay() {
        var bearer = new ConfiguredCredentials(new CredentialSettings(List.of(EXTRA), false, Scheme.BEARER));
        var personal = new ConfiguredCredentials(new CredentialSettings(List.of(EXTRA), false, Scheme.PERSONAL_TOKEN));

        assertThat(bearer.lookUp(known())).singleElement().isInstanceOf(BearerToken.class);
        assertThat(personal.lookUp(known()))
                .singleElement()
                .isInstanceOfSatisfying(
                        UserPassword.class, pair -> assertThat(pair.user()).isEmpty());
    }
}
