// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.storage.StorageAddress;

/**
 * The file of a requirement in a store that no installer knows, such as {@code s3://bucket/wheels/alpha-1.0-py3-none-any.whl}.
 *
 * @param address where it lies
 * @param digest its SHA-256 in hexadecimal, if the requirement names it; empty otherwise
 * @param before what stands before the address in the requirement, such as {@code alpha @}
 * @param after what stands behind it: digests, extras, markers, options
 */
public record StoredFile(StorageAddress address, String digest, String before, String after) {

    /** What installers fetch themselves. */
    private static final Set<String> OF_INSTALLERS = Set.of("http", "https", "file");

    private static final Pattern FORM = Pattern.compile(
            "((?:[A-Za-z0-9._-]+\\s*(?:\\[[^]]*])?\\s*@\\s*)?)([A-Za-z][A-Za-z0-9-]*)(://[^\\s#\\[]+)((?:#\\S*)?(?:\\[[^]]*])?.*)");
    private static final Pattern DIGEST = Pattern.compile("#(?:.*&)?sha256=([0-9a-fA-F]{64})(?:[&\\s;\\[].*)?$");
    private static final Pattern WHEEL =
            Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)-[^-]+(?:-[^-]+){3,4}\\.whl");
    private static final Pattern SOURCES =
            Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)-[0-9][^-]*\\.(?:tar\\.gz|zip|tar\\.bz2|tgz)");

    /** The file that a line names; empty for a line that installers understand. */
    static Optional<StoredFile> in(String line) {
        Matcher form = FORM.matcher(line);
        if (!form.matches() || OF_INSTALLERS.contains(form.group(2).toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        Matcher digest = DIGEST.matcher(form.group(4));
        return Optional.of(new StoredFile(
                StorageAddress.parse(form.group(2) + form.group(3)),
                digest.find() ? digest.group(1).toLowerCase(Locale.ROOT) : "",
                form.group(1),
                form.group(4)));
    }

    /** The normal name of the package, as the name of the file has it; empty where it does not. */
    String packageName() {
        for (Pattern pattern : new Pattern[] {WHEEL, SOURCES}) {
            Matcher name = pattern.matcher(address.name());
            if (name.matches()) {
                return Requirement.normalName(name.group(1));
            }
        }
        return "";
    }

    /** The requirement with a file of this machine in place of the stored one, which has the same name. */
    public String local(Path file) {
        String name = packageName();
        boolean named = !before.isEmpty() || name.isEmpty();
        String extras = !named && after.startsWith("[") ? after.substring(0, after.indexOf(']') + 1) : "";
        return (named ? before : name + extras + " @ ") + file.toUri() + after.substring(extras.length());
    }
}
