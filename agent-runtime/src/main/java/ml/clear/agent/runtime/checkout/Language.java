// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.checkout;

/** What a task's entry point is written in. */
public enum Language {
    /** Started by the interpreter of the task's environment. */
    PYTHON("untitled.py", ".*\\.py"),
    /** Started by a shell. */
    SHELL("untitled.sh", ".*\\.(sh|bash)");

    private final String untitled;
    private final String fileName;

    Language(String untitled, String fileName) {
        this.untitled = untitled;
        this.fileName = fileName;
    }

    /** By the last element of the interpreter that the task names; Python when that says nothing. */
    public static Language of(String binary) {
        String name = binary.strip().substring(binary.strip().lastIndexOf('/') + 1);
        return switch (name) {
            case "bash", "sh", "zsh" -> SHELL;
            default -> PYTHON;
        };
    }

    /** Whether an interpreter of this name is known at all. */
    static boolean isKnown(String binary) {
        String name = binary.strip().substring(binary.strip().lastIndexOf('/') + 1);
        return name.isEmpty() || name.startsWith("python") || of(binary) == SHELL;
    }

    String untitled() {
        return untitled;
    }

    boolean isFileName(String word) {
        return word.matches(fileName);
    }
}
