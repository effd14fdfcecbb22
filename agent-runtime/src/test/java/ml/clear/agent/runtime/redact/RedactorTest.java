// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

    private static Redactor redactor(String... secrets) {
        return new Redactor(Arrays.stream(secrets).map(Secret::of).toList());
    }

    @Test
    void secretsAreMaskedWhereverTheyStand() {
        assertThat(redactor("hunter22", "s3cr3t/+").redact("hunter22 and s3cr3t/+, hunter22hunter22"))
                .isEqualTo("**** and ****, ********");
    }

    @Test
    void textWithoutSecretsIsTheSameObject() {
        String text = "epoch 1: loss 0.25 at http://host:8080/path?q=1";
        assertThat(redactor("hunter22").redact(text)).isSameAs(text);
    }

    @Test
    void theLongestOfSeveralIsTaken() {
        assertThat(redactor("abcd", "abcdef").redact("abcdefg abcd")).isEqualTo("****g ****");
    }

    @Test
    void secretsTooShortToProtectAnythingAreLeft() {
        assertThat(redactor("", "a", "abc").redact("a b abc")).isEqualTo("a b abc");
    }

    @Test
    void formsForAddressesAreMasked() {
        String secret = "pä s/w+rd%&=";
        Redactor redactor = redactor(secret);
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        assertThat(redactor.redact("x=" + encoded + ";")).isEqualTo("x=****;");
        assertThat(redactor.redact("x=" + encoded.replace("+", "%20") + ";")).isEqualTo("x=****;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "xy", "user:", "a longer prefix:"})
    void base64IsMaskedAtEveryOffset(String prefix) {
        String secret = "correct-horse-battery";
        String header = Base64.getEncoder().encodeToString((prefix + secret + "!").getBytes(StandardCharsets.UTF_8));
        String masked = redactor(secret).redact("Authorization: Basic " + header);
        assertThat(masked)
                .contains("****")
                .doesNotContain(header.substring(header.length() / 2 - 3, header.length() / 2 + 3));
    }

    @Test
    void jsonAndLinesOfKeysAreMasked() {
        Redactor redactor = redactor("with \"quotes\"", "-----BEGIN-----\nMIIEvQIBADANBg\n-----END-----");
        assertThat(redactor.redact("{\"p\": \"with \\\"quotes\\\"\"}")).isEqualTo("{\"p\": \"****\"}");
        assertThat(redactor.redact("line MIIEvQIBADANBg")).isEqualTo("line ****");
    }

    @ParameterizedTest
    @CsvSource({
        "https://ann:pass@host/x, https://ann:****@host/x",
        "https://ann:p@ss@host, https://ann:****@host",
        "see http://a:b@c and ftp://d:e@f/g, see http://a:****@c and ftp://d:****@f/g",
        "https://:token@host, https://:****@host",
        "https://host:8080/a@b, https://host:8080/a@b",
        "https://token@host, https://token@host",
        "https://ghp_0123456789abcdefghij@host/x, https://****@host/x",
        "https://ghp_0123456789abcdefghij:x-oauth-basic@host/x, https://****:****@host/x",
        "git@host:path, git@host:path",
        "://, ://",
    })
    void passwordsInAddressesAreMasked(String text, String expected) {
        assertThat(redactor().redact(text)).isEqualTo(expected);
    }

    @Test
    void aSecretThatIsRegisteredLaterIsMaskedFromThenOnInEachForm() {
        Redactor redactor = new Redactor();
        String token = "glpat-0123/456+789";
        assertThat(redactor.redact(token)).isEqualTo(token);

        redactor.register(Secret.of(token));

        String base64 = Base64.getEncoder().encodeToString(("oauth2:" + token).getBytes(StandardCharsets.UTF_8));
        assertThat(redactor.redact(token + " " + URLEncoder.encode(token, StandardCharsets.UTF_8)))
                .isEqualTo("**** ****");
        assertThat(redactor.redact("Authorization: Basic " + base64)).doesNotContain(base64.substring(12, 20));
    }

    @Test
    void tokensThatWereRenewedOftenAreForgottenAndAConfiguredOneIsNot() {
        Redactor redactor = redactor("configured-token");
        Secrets tokens = redactor.renewed();
        tokens.register(Secret.of("configured-token"));
        for (int i = 10; i < 20; i++) {
            tokens.register(Secret.of("token-number-" + i));
        }
        assertThat(redactor.redact("token-number-19 token-number-18 configured-token"))
                .isEqualTo("**** **** ****");
        assertThat(redactor.redact("token-number-10")).isEqualTo("token-number-10");
    }

    @Test
    void manySecretsCostOnePass() {
        String[] secrets = new String[200];
        for (int i = 0; i < secrets.length; i++) {
            secrets[i] = "secret-number-" + i * 7919;
        }
        Redactor redactor = redactor(secrets);
        String line = "epoch 17 step 3900 loss 0.1234 accuracy 0.9876 learning rate 0.001 secret-number-7919";
        assertThat(List.of(redactor.redact(line), redactor.redact(line.substring(0, 70))))
                .doesNotContain(line);
    }
}
