// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first lines of a command, which name its interpreter. */
public final class CommandScript {

    /** The kernel reads no more of the first line; distlib, inside pip, uses the same limit. */
    private static final int LONGEST = 127;

    private static final Pattern DIRECT = Pattern.compile("#!([^\\n]*?/bin/python[0-9.]*)([^\\n]*)\\n");
    private static final Pattern THROUGH_SHELL = Pattern.compile(
            "#!/bin/sh\\n'''exec' [\"']?([^\\n\"']*?/bin/python[0-9.]*)[\"']?([^\\n]*) \"\\$0\" \"\\$@\"\\n' '''\\n");

    private CommandScript() {}

    /**
     * The first lines of a script for an interpreter. The kernel supports neither spaces nor long paths there; in
     * these cases a shell starts the interpreter.
     *
     * @param arguments what follows the interpreter, empty or with a leading blank
     */
    static String head(Path python, String arguments) {
        String simple = "#!" + python + arguments + "\n";
        boolean understood = simple.getBytes(StandardCharsets.UTF_8).length <= LONGEST
                && python.toString().chars().noneMatch(Character::isWhitespace);
        return understood ? simple : "#!/bin/sh\n'''exec' \"" + python + "\"" + arguments + " \"$0\" \"$@\"\n' '''\n";
    }

    /**
     * A script for an environment at another path.
     *
     * @param script its content
     * @param from the environment before
     * @param to the environment now
     * @return empty when the script does not name an interpreter of the environment before
     */
    public static Optional<String> moved(String script, Path from, Path to) {
        for (Pattern form : new Pattern[] {DIRECT, THROUGH_SHELL}) {
            Matcher head = form.matcher(script);
            if (head.lookingAt() && Path.of(head.group(1)).startsWith(from)) {
                Path python = to.resolve(from.relativize(Path.of(head.group(1))));
                return Optional.of(head(python, head.group(2)) + script.substring(head.end()));
            }
        }
        return Optional.empty();
    }
}
