// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.redact;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Secrets;

/**
 * Replaces secrets in text by {@link Secret#MASK}: as they are, and as they look encoded for an address, a JSON text or
 * in Base64 (at any position of a longer text), and passwords in addresses. Secrets may be registered at any time.
 *
 * <p>One pass over the text, regardless of the number of secrets. Safe for several threads; masking takes no lock.
 */
public final class Redactor implements Secrets {

    /** The last token, and earlier ones that other processes may still use. */
    private static final int KEPT_RENEWALS = 4;

    private final Set<String> secrets = new LinkedHashSet<>();
    private volatile SecretMatcher matcher = new SecretMatcher(List.of());

    /** A redactor that knows no secret yet. */
    public Redactor() {}

    /** A redactor of these secrets. */
    public Redactor(Collection<Secret> secrets) {
        registerAll(secrets);
    }

    @Override
    public void register(Secret secret) {
        registerAll(List.of(secret));
    }

    /** Mask all of these from now on. */
    public synchronized void registerAll(Collection<Secret> more) {
        boolean changed = false;
        for (Secret secret : more) {
            changed |= secrets.add(secret.reveal());
        }
        if (changed) {
            matcher = new SecretMatcher(secrets);
        }
    }

    /**
     * Registers the successive values of one secret that is renewed, such as the token of a connection. The older ones are
     * forgotten, so that a daemon that runs for a year does not keep thousands of expired tokens.
     */
    public Secrets renewed() {
        Deque<String> values = new ArrayDeque<>();
        return secret -> replace(values, secret);
    }

    private synchronized void replace(Deque<String> values, Secret next) {
        if (!secrets.contains(next.reveal())) {
            values.add(next.reveal());
            if (values.size() > KEPT_RENEWALS) {
                secrets.remove(values.remove());
            }
            register(next);
        }
    }

    /** The text with every secret masked; the same object when there is none. */
    public String redact(String text) {
        return AddressPasswords.mask(matcher.mask(text));
    }

    /**
     * How many characters at the end of a text may be the beginning of a secret: a text that is cut there is masked wrongly.
     */
    public int openEnd(String text) {
        return Math.max(matcher.openEnd(text), AddressPasswords.openEnd(text));
    }

    /** A console that shows each line with its secrets masked. */
    public Console masking(Console console) {
        return line -> console.line(redact(line));
    }
}
