// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.launch;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Tells by the name of a variable whether its value is a secret. Rather one too many: a secret reaches the process too. */
public final class SecretVariables implements Predicate<String> {

    private static final Pattern SECRET =
            Pattern.compile("PASS|SECRET|TOKEN|CREDENTIAL|(?:^|_)KEY(?:_|$)|_PROXY$|_PAT$");

    @Override
    public boolean test(String variable) {
        return SECRET.matcher(variable.toUpperCase(Locale.ROOT)).find();
    }
}
