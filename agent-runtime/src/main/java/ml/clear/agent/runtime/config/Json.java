// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

/** Writes JSON that the strict parser, the Python parser and any JSON parser read alike. */
final class Json {

    private Json() {}

    /** A text in quotes for the strict parser, which refuses control characters as they are. */
    static void quoteStrictly(String text, StringBuilder out) {
        int from = out.length();
        quote(text, out);
        for (int i = from; i < out.length(); i++) {
            if (out.charAt(i) < ' ') {
                out.replace(i, i + 1, String.format("\\u%04x", (int) out.charAt(i)));
            }
        }
    }

    /** Append a text in quotes. Only these five escapes mean the same everywhere. */
    static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        out.append('"');
    }

    /** A node as JSON, blocks and lists over several lines. */
    static String render(Node node) {
        StringBuilder out = new StringBuilder();
        render(node, out, 0);
        return out.append('\n').toString();
    }

    /** A node as JSON in one line. */
    static String line(Node node) {
        StringBuilder out = new StringBuilder();
        switch (node) {
            case Node.Sequence list -> {
                String separator = "[";
                for (Node element : list.elements()) {
                    out.append(separator).append(line(element));
                    separator = ", ";
                }
                out.append(list.elements().isEmpty() ? "[]" : "]");
            }
            case Node.Group group -> {
                String separator = "{ ";
                for (var member : group.members().entrySet()) {
                    out.append(separator);
                    quote(member.getKey(), out);
                    out.append(": ").append(line(member.getValue()));
                    separator = ", ";
                }
                out.append(group.members().isEmpty() ? "{}" : " }");
            }
            case Node.Scalar _, Node.Null _ -> render(node, out, 0);
        }
        return out.toString();
    }

    private static void render(Node node, StringBuilder out, int depth) {
        switch (node) {
            case Node.Null _ -> out.append("null");
            case Node.Scalar(Origin _, String text, String _) -> quote(text, out);
            case Node.Scalar(Origin _, Object _, String text) -> out.append(text);
            case Node.Sequence list -> {
                out.append('[');
                String separator = "";
                for (Node element : list.elements()) {
                    out.append(separator);
                    line(out, depth + 1);
                    render(element, out, depth + 1);
                    separator = ",";
                }
                close(out, ']', depth, list.elements().isEmpty());
            }
            case Node.Group group -> {
                out.append('{');
                String separator = "";
                for (var member : group.members().entrySet()) {
                    out.append(separator);
                    line(out, depth + 1);
                    quote(member.getKey(), out);
                    out.append(": ");
                    render(member.getValue(), out, depth + 1);
                    separator = ",";
                }
                close(out, '}', depth, group.members().isEmpty());
            }
        }
    }

    private static void close(StringBuilder out, char bracket, int depth, boolean empty) {
        if (!empty) {
            line(out, depth);
        }
        out.append(bracket);
    }

    private static void line(StringBuilder out, int depth) {
        out.append('\n').repeat("  ", depth);
    }
}
