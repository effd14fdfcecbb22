// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/**
 * The packages of a channel that fulfil a condition (a match specification).
 *
 * @param channel the channel that they must come from, empty for any
 * @param name the name, in lower case
 * @param version the condition on the version, such as {@code ==1.0}, {@code 1.0.*} or {@code >=1,<2}; empty for any
 * @param build the build, which may hold stars; empty for any
 */
record CondaSpec(String channel, String name, String version, String build) {

    private static final Pattern LINE = Pattern.compile("(?:(\\S+)::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)\\s*(.*)");
    private static final Pattern FILE =
            Pattern.compile("([a-z]+://.+)/[^/]+/([^/]+)-([^-/]+)-([^-/]+)\\.(?:conda|tar\\.bz2)(?:#.*)?");
    private static final Pattern MEMBERS = Pattern.compile("(.*?)\\[(.*)]");
    private static final Pattern MEMBER = Pattern.compile("(\\w+)\\s*=\\s*(?:'([^']*)'|\"([^\"]*)\"|([^,'\"]+))");
    private static final Pattern EXACT = Pattern.compile("==?\\s*([^=\\s,|]+)[=\\s]+([^=\\s]+)");
    private static final Pattern PAIR = Pattern.compile("([0-9*][^\\s=,|]*)\\s+([^=\\s]+)");
    private static final Pattern CLAUSE = Pattern.compile("(?:==|!=|<=|>=|<|>|~=)?[0-9*][A-Za-z0-9._*!+-]*");
    private static final Pattern BLANKS = Pattern.compile("\\s*([,|])\\s*|(?<=[=<>~])\\s+");
    private static final Pattern REQUIREMENT =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)\\s*\\(?([^;\\[\\]()@]*)\\)?\\s*(?:;.*)?");

    CondaSpec {
        name = name.toLowerCase(Locale.ROOT);
    }

    /** Any version of a package. */
    static CondaSpec any(String name) {
        return new CondaSpec("", name, "", "");
    }

    /**
     * Read a dependency as conda writes it: {@code numpy}, {@code numpy=1.21}, {@code numpy==1.21.0=py39_0},
     * {@code conda-forge::numpy >=1.2}, or the address of a package.
     *
     * @return empty when it has another form
     */
    static Optional<CondaSpec> parse(String line) {
        String text = line.strip();
        Matcher file = FILE.matcher(text);
        if (file.matches()) {
            return Optional.of(new CondaSpec(file.group(1), file.group(2), "==" + file.group(3), file.group(4)));
        }
        Matcher parts = LINE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String channel = parts.group(1) == null ? "" : Channels.normal(parts.group(1));
        return conditions(
                new CondaSpec(channel, parts.group(2), "", ""), parts.group(3).strip());
    }

    private static Optional<CondaSpec> conditions(CondaSpec spec, String text) {
        Matcher members = MEMBERS.matcher(text);
        if (members.matches()) {
            Optional<CondaSpec> start = conditions(spec, members.group(1).strip());
            return start.map(found -> withMembers(found, members.group(2)));
        }
        Matcher exact = EXACT.matcher(text);
        Matcher pair = PAIR.matcher(text);
        if (exact.matches()) {
            return spec.checked(pinned(exact.group(1)), exact.group(2));
        }
        if (pair.matches()) {
            return spec.checked(pinned(pair.group(1)), pair.group(2));
        }
        return spec.checked(version(BLANKS.matcher(text).replaceAll("$1")), "");
    }

    private static CondaSpec withMembers(CondaSpec spec, String text) {
        CondaSpec result = spec;
        Matcher member = MEMBER.matcher(text);
        while (member.find()) {
            String value = Stream.of(member.group(2), member.group(3), member.group(4))
                    .filter(one -> one != null)
                    .findFirst()
                    .orElse("")
                    .strip();
            result = switch (member.group(1)) {
                case "version" -> new CondaSpec(result.channel, result.name, version(value), result.build);
                case "build" -> new CondaSpec(result.channel, result.name, result.version, value);
                case "channel" -> new CondaSpec(Channels.normal(value), result.name, result.version, result.build);
                default -> result; // digests and file names of one system say nothing more than version and build
            };
        }
        return result;
    }

    private Optional<CondaSpec> checked(String condition, String wantedBuild) {
        return condition.isEmpty() || readable(condition)
                ? Optional.of(new CondaSpec(channel, name, condition, wantedBuild))
                : Optional.empty();
    }

    private static boolean readable(String condition) {
        return Stream.of(condition.split("[,|]", -1))
                .allMatch(clause -> CLAUSE.matcher(clause).matches());
    }

    /** One equals sign means any version that begins like this, none at all exactly this one. */
    private static String version(String text) {
        if (text.isEmpty() || text.equals("*")) {
            return "";
        }
        boolean compound = text.contains(",") || text.contains("|");
        if (text.startsWith("==") || "<>!~".indexOf(text.charAt(0)) >= 0) {
            return text;
        }
        if (text.startsWith("=")) {
            String begin = text.substring(1);
            return begin.endsWith("*") || compound ? begin : begin + ".*";
        }
        return text.endsWith("*") || compound ? text : "==" + text;
    }

    private static String pinned(String version) {
        if (version.equals("*")) {
            return "";
        }
        return version.endsWith("*") ? version : "==" + version;
    }

    /**
     * The same package as an index offers it.
     *
     * @return empty when a channel cannot express the requirement: it has extras, digests, an address or a path
     */
    static Optional<CondaSpec> of(Requirement requirement) {
        Matcher form = REQUIREMENT.matcher(requirement.text());
        if (requirement.kind() != Requirement.Kind.PACKAGE || requirement.hashed() || !form.matches()) {
            return Optional.empty();
        }
        String versions = form.group(2).replaceAll("\\s+", "");
        if (versions.isEmpty()) {
            return Optional.of(any(requirement.name()));
        }
        String condition = Stream.of(versions.split(",", -1))
                .map(clause -> clause.startsWith("==") && clause.endsWith(".*") ? clause.substring(2) : clause)
                .collect(Collectors.joining(","));
        return readable(versions)
                ? Optional.of(new CondaSpec("", requirement.name(), condition, ""))
                : Optional.empty();
    }

    CondaSpec named(String other) {
        return new CondaSpec(channel, other, version, build);
    }

    CondaSpec withVersion(String other) {
        return new CondaSpec(channel, name, other, build);
    }

    CondaSpec withBuild(String other) {
        return new CondaSpec(channel, name, version, other);
    }

    /** Both conditions on the version at once; channel and build of the one that names them. */
    CondaSpec and(CondaSpec other) {
        String both = Stream.of(version, other.version)
                .filter(condition -> !condition.isEmpty())
                .distinct()
                .collect(Collectors.joining(","));
        return new CondaSpec(
                channel.isEmpty() ? other.channel : channel, name, both, build.isEmpty() ? other.build : build);
    }

    /** The same with any compatible release in place of exact versions; conda's form of {@code ==1.2} made looser. */
    CondaSpec loosened() {
        boolean exact = version.startsWith("==") && !version.contains(",") && version.indexOf('.') > 0;
        return exact ? withVersion("~=" + version.substring(2)) : this;
    }

    /** The line of a requirements file that asks for the same. */
    String requirement() {
        if (version.contains("|")) {
            return name;
        }
        return Stream.of(version.split(",", -1))
                .map(clause -> clause.isEmpty() || "=<>!~".indexOf(clause.charAt(0)) >= 0 ? clause : "==" + clause)
                .collect(Collectors.joining(",", name, ""));
    }

    /** The form that all clients read. */
    @Override
    public String toString() {
        String condition = version.isEmpty() && !build.isEmpty() ? "*" : version;
        return (channel.isEmpty() ? "" : channel + "::")
                + Stream.of(name, condition, build)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(" "));
    }
}
