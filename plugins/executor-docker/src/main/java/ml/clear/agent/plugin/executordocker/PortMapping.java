// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One port of a container that is published.
 *
 * @param address the address of the machine; empty for all
 * @param host the port of the machine; empty for any
 * @param container the port of the container with its protocol, such as {@code 80/tcp}
 */
record PortMapping(String address, String host, String container) {

    private static final Pattern FORM =
            Pattern.compile("(?:(?:(?<address>\\[[0-9a-fA-F:]*\\]|[^:\\[\\]]*):)?(?<host>\\d+(?:-\\d+)?)?:)?"
                    + "(?<container>\\d+(?:-\\d+)?)(?:/(?<protocol>tcp|udp|sctp))?");

    /** The mappings of a value of {@code --publish}; a range has several. */
    static Stream<PortMapping> parse(String value) {
        Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw Quantity.invalid("publish", value, "address:port:port/protocol");
        }
        String address = or(matcher.group("address"), "").replaceAll("[\\[\\]]", "");
        String protocol = or(matcher.group("protocol"), "tcp");
        int[] inside = range(matcher.group("container"));
        String host = or(matcher.group("host"), "");
        if (host.isEmpty()) {
            return IntStream.of(inside).mapToObj(port -> new PortMapping(address, "", port + "/" + protocol));
        }
        int[] outside = range(host);
        if (inside.length == 1 && outside.length > 1) {
            return Stream.of(new PortMapping(address, host, inside[0] + "/" + protocol));
        }
        if (inside.length != outside.length) {
            throw Quantity.invalid("publish", value, "ranges of equal length");
        }
        return IntStream.range(0, inside.length)
                .mapToObj(i -> new PortMapping(address, Integer.toString(outside[i]), inside[i] + "/" + protocol));
    }

    /** The ports of a value of {@code --expose}. */
    static Stream<String> exposed(String value) {
        return parse(value).map(PortMapping::container);
    }

    private static int[] range(String text) {
        int dash = text.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseInt(text.substring(dash + 1));
        if (last < first || last > 65_535) {
            throw Quantity.invalid("publish", text, "a range of ports");
        }
        return IntStream.rangeClosed(first, last).toArray();
    }

    private static String or(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
