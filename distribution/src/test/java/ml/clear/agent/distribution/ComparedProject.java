// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.testkit.PythonSources;

/** A repository with some branches, from which both agents run tasks. */
final class ComparedProject {

    /** The branch with the script. */
    static final String BRANCH = "experiment";

    /** Uncommitted changes: the script prints something else. */
    static final String DIFF = """
            diff --git a/training/steps.py b/training/steps.py
            --- a/training/steps.py
            +++ b/training/steps.py
            @@ -1 +1 @@
            -STEPS = 3
            +STEPS = 4  # to be tried
            """;

    /** The branch whose root has no requirements, and a script in a folder. */
    static final String WITHOUT_REQUIREMENTS = "bare";

    /** The branch with file names that are not ASCII. */
    static final String NAMES = "names";

    /** The branch with requirements as Windows writes them, and a script in a folder. */
    static final String OF_WINDOWS = "windows";

    /** The branch with a package of its own, whose name no index should have. */
    static final String WITH_PACKAGE = "package";

    /** What the official client adds to each task that it makes of a repository. */
    static final String REQUIREMENTS_OF_THE_CLIENT = """
            diff --git a/requirements.txt b/requirements.txt
            --- a/requirements.txt
            +++ b/requirements.txt
            @@ -0,0 +1,1 @@
            +six==1.17.0
            """;

    /** The tag of the branch {@link #BRANCH}. */
    static final String TAG = "v1";

    /** The changes of {@link #DIFF} as git writes them with {@code diff.noprefix}. */
    static final String WITHOUT_PREFIX = DIFF.replaceAll("(?m) [ab]/", " ");

    /** The same as a terminal shows them. */
    static final String COLOURED = DIFF.replaceAll("(?m)^(-[^-].*)$", "\u001b[31m$1\u001b[m")
            .replaceAll("(?m)^(\\+[^+].*)$", "\u001b[32m$1\u001b[m")
            .replaceAll("(?m)^((?:diff|---|\\+\\+\\+) .*)$", "\u001b[1m$1\u001b[m")
            .replaceAll("(?m)^(@@.*)$", "\u001b[36m$1\u001b[m");

    private ComparedProject() {}

    /** Makes it in a folder of repositories; its name there. */
    static String in(Path repositories, Path work) throws IOException {
        String name = "project.git";
        Path copy = work.resolve("project");
        Repository.git(
                work,
                "init",
                "--quiet",
                "--bare",
                "--initial-branch=main",
                repositories.resolve(name).toString());
        Repository.git(work, "clone", "--quiet", repositories.resolve(name).toString(), copy.toString());
        Repository.git(copy, "checkout", "--quiet", "-B", "main");
        Repository.write(copy.resolve("requirements.txt"), "six==1.17.0\n");
        Repository.write(copy.resolve("tool/__init__.py"), "");
        Repository.write(copy.resolve("tool/report.py"), """
                import sys
                print("arguments", sys.argv[1:])
                print("module", __name__, __package__)
                """);
        commit(copy, "main");
        Repository.git(copy, "checkout", "--quiet", "-b", BRANCH);
        Repository.write(copy.resolve("training/steps.py"), "STEPS = 3\n");
        Repository.write(copy.resolve("training/train.py"), """
                import os, sys
                import six, steps
                print("steps", steps.STEPS, "six", six.__version__)
                print("arguments", sys.argv[1:])
                print("folder", os.getcwd().split(os.sep)[-2:], os.path.isdir("../.git"))
                """);
        commit(copy, BRANCH);
        Repository.git(copy, "tag", TAG);
        Repository.git(copy, "push", "--quiet", "origin", TAG);
        Repository.git(copy, "checkout", "--quiet", "-b", WITHOUT_REQUIREMENTS, "main");
        Repository.git(copy, "rm", "--quiet", "requirements.txt");
        Repository.write(copy.resolve("jobs/train.py"), """
                import os
                print("trained in", os.path.basename(os.getcwd()))
                """);
        commit(copy, WITHOUT_REQUIREMENTS);
        Repository.git(copy, "checkout", "--quiet", "-b", NAMES, "main");
        writeNames(copy);
        commit(copy, NAMES);
        Repository.git(copy, "checkout", "--quiet", "-b", OF_WINDOWS, WITHOUT_REQUIREMENTS);
        Files.write(copy.resolve("requirements.txt"), "\ufeffsix==1.17.0\r\n".getBytes(StandardCharsets.UTF_16LE));
        Repository.write(copy.resolve("src/train.py"), "import six\nprint('six', six.__version__)\n");
        commit(copy, OF_WINDOWS);
        Repository.git(copy, "checkout", "--quiet", "-b", WITH_PACKAGE, WITHOUT_REQUIREMENTS);
        new PythonSources("agent_compared_package", "of the repository").writeTo(copy.resolve("local"));
        Repository.write(copy.resolve("train.py"), "import agent_compared_package as own\nprint('package', own.WHO)\n");
        commit(copy, WITH_PACKAGE);
        return name;
    }

    /** The shell writes the names, since the locale of this test decides which ones Java could pass on. */
    private static void writeNames(Path copy) {
        Shell.Finished written = Shell.in(copy).run("sh", "-c", """
                folder=$(printf 'gr\\303\\266\\303\\237e')
                mkdir "$folder"
                echo 'import os; print(ascii(os.listdir(".")))' >"$folder/$(printf 'l\\303\\244uft \\303\\251.py')"
                """);
        assertThat(written.status()).as(written.err()).isZero();
    }

    private static void commit(Path copy, String branch) {
        Repository.git(copy, "add", ".");
        Repository.git(copy, "commit", "--quiet", "--message", "State of " + branch);
        Repository.git(copy, "push", "--quiet", "origin", branch);
    }
}
