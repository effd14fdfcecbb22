// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.credentialsgit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredential.UserPassword;

/**
 * The logins of a file in the format of {@code .netrc}. An entry {@code default} is ignored: a task can name any host
 * and would get its password.
 */
record Netrc(List<Login> logins) {

    private static final Pattern MACRO = Pattern.compile("(?ms)^[ \\t]*macdef\\b.*?(?:^[ \\t]*$|\\z)");
    private static final Pattern COMMENT = Pattern.compile("(?m)(?<=^|\\s)#(?=\\s|$).*$|^\\s*#.*$");
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

    Netrc {
        logins = List.copyOf(logins);
    }

    /** User and password for a host; the host in lower case. */
    record Login(String host, String user, Secret password) {}

    static Netrc parse(String text) {
        List<String> words =
                words(COMMENT.matcher(MACRO.matcher(text).replaceAll("")).replaceAll(""));
        List<Login> logins = new ArrayList<>();
        for (int i = 0; i + 1 < words.size(); i++) {
            if (words.get(i).equals("machine")) {
                logins.add(login(words.get(i + 1), words.subList(i + 2, end(words, i + 2))));
            }
        }
        return new Netrc(logins);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1).replaceAll("\\\\(.)", "$1"));
        }
        return words;
    }

    /** Keys and values alternate, so that a password may be the word {@code machine}. */
    private static int end(List<String> words, int start) {
        int end = start;
        while (end < words.size()
                && !words.get(end).equals("machine")
                && !words.get(end).equals("default")) {
            end += 2;
        }
        return Math.min(end, words.size());
    }

    private static Login login(String host, List<String> rest) {
        String user = "";
        String password = "";
        for (int i = 0; i + 1 < rest.size(); i += 2) {
            switch (rest.get(i)) {
                case "login" -> user = rest.get(i + 1);
                case "password" -> password = rest.get(i + 1);
                default -> {} // account, which no repository server requires
            }
        }
        return new Login(host.toLowerCase(Locale.ROOT), user, Secret.of(password));
    }

    /** The login for a host; for a certain user if the address names one. */
    List<VcsCredential> of(String host, String user) {
        return logins.stream()
                .filter(login -> login.host().equals(host) && !login.password().isEmpty())
                .filter(login -> user.isEmpty() || login.user().equals(user))
                .<VcsCredential>map(login -> new UserPassword(login.user(), login.password()))
                .toList();
    }
}
