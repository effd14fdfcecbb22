// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A patch that adds a file of text. */
final class NewFilePatch {

    static final long LARGEST = 4_000_000;

    private NewFilePatch() {}

    static String patch(Path root, Path file) throws IOException {
        String name = file.toString();
        String text = Files.readString(root.resolve(file));
        String mode = Files.isExecutable(root.resolve(file)) ? "100755" : "100644";
        StringBuilder patch = new StringBuilder();
        patch.append("diff --git a/").append(name).append(" b/").append(name).append('\n');
        patch.append("new file mode ").append(mode).append('\n');
        if (text.isEmpty()) {
            return patch.toString();
        }
        String[] lines = text.split("\n", -1);
        boolean ended = text.endsWith("\n");
        int count = ended ? lines.length - 1 : lines.length;
        // a tab marks the end of a name with spaces
        patch.append("--- /dev/null\n+++ b/").append(name).append(name.contains(" ") ? "\t\n" : "\n");
        patch.append("@@ -0,0 +1").append(count == 1 ? "" : "," + count).append(" @@\n");
        for (int i = 0; i < count; i++) {
            patch.append('+').append(lines[i]).append('\n');
        }
        return ended
                ? patch.toString()
                : patch.append("\\ No newline at end of file\n").toString();
    }
}
