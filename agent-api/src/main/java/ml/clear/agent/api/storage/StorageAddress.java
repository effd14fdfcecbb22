// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api.storage;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.Stability;

/**
 * The address of an object or a folder.
 *
 * <p>As in the ClearML SDK the text after the authority is the key as it is, with spaces, {@code %}, {@code +} and {@code #};
 * only the addresses of web servers ({@code http}, {@code https}) are percent-encoded.
 *
 * @param scheme in lower case, such as {@code s3}
 * @param authority the bucket, or the host with its port; empty for files
 * @param key the name of the object below the authority, decoded, without leading slash; empty for the top
 * @param query what follows the {@code ?} of a web address, such as a signature; empty otherwise
 */
@Stability.Incubating(since = "0.1")
public record StorageAddress(String scheme, String authority, String key, String query) {

    private static final Pattern FORM = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(?:/(.*))?");
    private static final String UNRESERVED = "-._~!$&'()*+,;=:@/";

    /** Checks the scheme and drops the leading slashes of the key. */
    public StorageAddress {
        if (scheme.isEmpty()) {
            throw new IllegalArgumentException("an address has a scheme");
        }
        scheme = scheme.toLowerCase(Locale.ROOT);
        while (key.startsWith("/")) {
            key = key.substring(1);
        }
    }

    /**
     * Read an address.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static StorageAddress parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no address such as s3://bucket/folder/name");
        }
        String scheme = form.group(1).toLowerCase(Locale.ROOT);
        String rest = form.group(3) == null ? "" : form.group(3);
        if (!isWeb(scheme)) {
            return new StorageAddress(scheme, form.group(2), rest, "");
        }
        int fragment = rest.indexOf('#');
        String path = fragment < 0 ? rest : rest.substring(0, fragment);
        int question = path.indexOf('?');
        return question < 0
                ? new StorageAddress(scheme, form.group(2), decoded(path), "")
                : new StorageAddress(
                        scheme, form.group(2), decoded(path.substring(0, question)), path.substring(question + 1));
    }

    /** The whole address: {@link #parse} gives an equal one. May hold a password or a signature; not for messages. */
    public String text() {
        boolean web = isWeb(scheme);
        return scheme + "://" + authority + "/" + (web ? encoded(key) : key) + (query.isEmpty() ? "" : "?" + query);
    }

    /** Another object with this key in the same bucket, or on the same host. */
    public StorageAddress withKey(String other) {
        return new StorageAddress(scheme, authority, other, query);
    }

    /** The address below this one, taken as a folder. */
    public StorageAddress resolve(String relative) {
        return withKey(folderKey() + relative);
    }

    /** What the keys of all objects below this folder begin with: empty, or the key with a slash at its end. */
    public String folderKey() {
        return key.isEmpty() || key.endsWith("/") ? key : key + "/";
    }

    /** The last element of the key. */
    public String name() {
        String path = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The address for messages: without query and without user and password. */
    @Override
    public String toString() {
        return scheme + "://" + authority.substring(authority.lastIndexOf('@') + 1) + "/" + key;
    }

    /** A text percent-encoded for the path of a URL; slashes stay. */
    public static String encoded(String path) {
        StringBuilder text = new StringBuilder(path.length() + 16);
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean letter = c < 0x80 && Character.isLetterOrDigit(c);
            if (letter || UNRESERVED.indexOf(c) >= 0) {
                text.append(c);
            } else {
                text.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return text.toString();
    }

    private static boolean isWeb(String scheme) {
        return scheme.equals("http") || scheme.equals("https");
    }

    /** Percent-decoded once; a percent sign that begins no octet stays. */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        byte[] source = path.getBytes(StandardCharsets.UTF_8);
        byte[] target = new byte[source.length];
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            int octet = source[i] == '%' && i + 2 < source.length ? octet(source[i + 1], source[i + 2]) : -1;
            target[length++] = octet < 0 ? source[i] : (byte) octet;
            i += octet < 0 ? 0 : 2;
        }
        return new String(target, 0, length, StandardCharsets.UTF_8);
    }

    private static int octet(byte high, byte low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first << 4 | second;
    }
}
