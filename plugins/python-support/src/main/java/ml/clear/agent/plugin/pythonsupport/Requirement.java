// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One parsed line of a requirements file.
 *
 * @param kind what it asks for
 * @param name the name of the package in its normal form (PEP 503), empty when the line does not contain it
 * @param text the line as an installer is to read it: comments gone, continued lines joined, local paths absolute
 * @param origin where it was written, for messages, such as {@code requirements.txt}
 */
public record Requirement(Kind kind, String name, String text, String origin) {

    private static final Pattern COMMIT = Pattern.compile("@[0-9a-f]{40}(?:[#;\\s]|$)");
    private static final Pattern NAMED =
            Pattern.compile("([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\\s*(\\[[^]]*])?\\s*([^;]*)(;.*)?");
    private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/@\\s]+@");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private static final Pattern EXTRAS_AND_MARKER = Pattern.compile("\\s*(\\[[^]]*])?\\s*(;.*)?$");

    /** What a line asks for. */
    public enum Kind {
        /** A package by name, from an index. */
        PACKAGE,
        /** A file with a package, by address or path. */
        ARCHIVE,
        /** A repository of a version control system. */
        REPOSITORY,
        /** A folder with the sources of a package. */
        FOLDER,
        /** An option of the installer for all lines, such as {@code --pre}. */
        OPTION
    }

    /** Checks for absence. */
    public Requirement {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(name);
        Objects.requireNonNull(text);
        Objects.requireNonNull(origin);
    }

    /** Whether the package is used from its source folder (editable). */
    public boolean editable() {
        return text.startsWith("-e ") || text.startsWith("--editable");
    }

    /**
     * Whether the installed package may change although the line does not: sources, or a branch instead of a commit.
     */
    public boolean movable() {
        return kind == Kind.FOLDER
                || (kind == Kind.REPOSITORY
                        && (editable() || !COMMIT.matcher(text).find()));
    }

    /** The line in a normal form, equal for equivalent lines, without user and password in addresses. */
    public String normal() {
        if (kind != Kind.PACKAGE) {
            return withoutCredentials(BLANKS.matcher(text).replaceAll(" "));
        }
        int options = text.indexOf(" --");
        String specification = options < 0 ? text : text.substring(0, options);
        Matcher named = NAMED.matcher(specification.strip());
        if (!named.matches()) {
            return text;
        }
        StringBuilder normal = new StringBuilder(name);
        if (named.group(2) != null) {
            normal.append(named.group(2).replace(" ", "").toLowerCase(Locale.ROOT));
        }
        String versions = BLANKS.matcher(named.group(3)).replaceAll("").replaceAll("^\\(|\\)$", "");
        normal.append(
                String.join(",", Arrays.stream(versions.split(",")).sorted().toList()));
        if (named.group(4) != null) {
            normal.append("; ")
                    .append(BLANKS.matcher(named.group(4).substring(1).strip())
                            .replaceAll(" ")
                            .replace('"', '\''));
        }
        if (options >= 0) {
            normal.append(' ')
                    .append(String.join(
                            " ",
                            Arrays.stream(BLANKS.split(text.substring(options).strip()))
                                    .sorted()
                                    .toList()));
        }
        return normal.toString();
    }

    /** The file or folder on this machine that the line names; empty when it names none. */
    public Optional<Path> localPath() {
        if (kind != Kind.ARCHIVE && kind != Kind.FOLDER) {
            return Optional.empty();
        }
        String target = text.replaceFirst("^(-e|--editable)\\s+", "").replaceFirst("^[^/\\s]*\\s*@\\s*", "");
        if (target.contains("://") || target.startsWith("file:")) {
            return file(target);
        }
        return Optional.of(Path.of(EXTRAS_AND_MARKER.matcher(target).replaceFirst("")));
    }

    /** The file in a store that the line names, and that no installer can fetch; empty when it names none. */
    public Optional<StoredFile> stored() {
        return kind == Kind.ARCHIVE ? StoredFile.in(text) : Optional.empty();
    }

    /** The path in a {@code file:} address; empty for other addresses. */
    static Optional<Path> file(String address) {
        if (!address.toLowerCase(Locale.ROOT).startsWith("file:")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(URI.create(address.replaceAll("[#;\\s].*", ""))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the line pins the digests of its files. */
    public boolean hashed() {
        return text.contains(" --hash");
    }

    /** The normal form of a package's name: lower case, runs of dashes, dots and underscores as one dash. */
    public static String normalName(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }

    /** The text with user and password taken out of the addresses in it. */
    public static String withoutCredentials(String text) {
        return CREDENTIALS.matcher(text).replaceAll("");
    }
}
