// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

/**
 * Where a script that a task carries is written, and how it is then named.
 *
 * @param folder the folder relative to the root
 * @param fileName the file in it
 * @param kept whether the entry point stays as the task has it; if not, the file is started by its full path
 */
record LiteralScript(String folder, String fileName, boolean kept) {

    static LiteralScript of(EntryPoint entry, Language language) {
        int colon = entry.folder().indexOf(':');
        String folder = colon < 0 ? entry.folder() : entry.folder().substring(0, colon);
        String named = colon < 0 ? "" : entry.folder().substring(colon + 1).strip();
        String where = folder.isEmpty() ? "." : folder;
        if (entry.startsModuleOrCode()) {
            return new LiteralScript(where, named.isEmpty() ? language.untitled() : named, true);
        }
        if (entry.text().isEmpty()) {
            return new LiteralScript(where, named.isEmpty() ? language.untitled() : named, false);
        }
        String first = entry.text().split("\\s+", 2)[0];
        if (language.isFileName(first)) {
            return new LiteralScript(where, first.substring(first.lastIndexOf('/') + 1), true);
        }
        return new LiteralScript(where, entry.text().substring(entry.text().lastIndexOf('/') + 1), false);
    }
}
