// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.task.Script;
import ml.clear.agent.runtime.process.ShellText;

/**
 * What a task starts and where, read from its two texts. Texts are kept as they are, so that an address among the
 * arguments stays whole.
 *
 * @param folder the folder relative to the root, {@code .} for the root itself
 * @param text the script or {@code -m module}, with arguments; may be empty
 */
record EntryPoint(String folder, String text) {

    private static final Pattern WINDOWS_PATH =
            Pattern.compile("[^\\s'\"\\\\-][^\\s'\"\\\\]*(?:\\\\[^\\s'\"\\\\]+)+(?=\\s|$)");
    private static final Pattern FILE_AND_FOLDER = Pattern.compile("([^\\s:-][^\\s:]*):(?!//)([^\\s:]*)");

    static EntryPoint of(Script script, Map<String, String> environment) {
        String text = withSlashes(ShellText.expanded(script.entryPoint().strip(), environment));
        String folder = ShellText.expanded(script.workingDirectory().strip(), environment)
                .replace('\\', '/');
        if (folder.isEmpty()) {
            Matcher both = FILE_AND_FOLDER.matcher(text);
            if (both.matches()) {
                return new EntryPoint(both.group(2).isEmpty() ? "." : both.group(2), both.group(1));
            }
        }
        return new EntryPoint(folder.isEmpty() ? "." : folder, text);
    }

    /** The path of the script as Windows writes it, {@code src\train.py}, as this system does; its arguments stay. */
    private static String withSlashes(String text) {
        Matcher path = WINDOWS_PATH.matcher(text);
        return path.lookingAt() ? path.group().replace('\\', '/') + text.substring(path.end()) : text;
    }

    /** {@code -m module} or {@code -c code}: a flag counts only with something behind it. */
    boolean startsModuleOrCode() {
        return text.startsWith("-m ") || text.startsWith("-c ");
    }
}
