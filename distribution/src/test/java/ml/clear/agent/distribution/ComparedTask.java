// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A task that both agents are given.
 *
 * @param name what is special about it
 * @param lines how many lines it prints itself
 * @param script the member of the task's document
 * @param hyperParameters the member of the task's document
 */
record ComparedTask(String name, int lines, Map<String, ?> script, Map<String, ?> hyperParameters) {

    static final String ABORT = "abort";
    static final String OWN_STATUS = "own status";

    static final String TAG_AS_BRANCH = "branch that names a tag";
    static final String WITHOUT_PREFIX = "diff without prefix";
    static final String COLOURED = "coloured diff";
    static final String NOTHING_TO_RUN = "nothing to run";
    static final String OF_WINDOWS = "paths and requirements of Windows";
    static final String PACKAGE_OF_REPOSITORY = "package of the repository";
    static final String ANOTHER_INDEX = "another index";

    /** The tasks that are cloned when they have ended, and run again as they were recorded. */
    static final List<String> CLONED = List.of(PACKAGE_OF_REPOSITORY, ANOTHER_INDEX);

    /** The line after which a task may be aborted. */
    static final String BEGAN = "it began";

    /** The reason that a task writes which ends itself. */
    static final String OWN_REASON = "the task says so";

    /** Uses the API as the SDK does, which would take long to install. */
    private static final String COMPLETES_ITSELF = """
            import base64, json, os, time, urllib.request
            server = os.environ["CLEARML_API_HOST"]
            def call(name, authorization, body):
                request = urllib.request.Request(server + "/" + name, json.dumps(body).encode(), {
                    "Authorization": authorization, "Content-Type": "application/json"})
                return json.load(urllib.request.urlopen(request))["data"]
            pair = os.environ["CLEARML_API_ACCESS_KEY"] + ":" + os.environ["CLEARML_API_SECRET_KEY"]
            token = call("auth.login", "Basic " + base64.b64encode(pair.encode()).decode(), {})["token"]
            print("it ends itself", flush=True)
            time.sleep(3)  # so long that its agent has reported it
            call("tasks.completed", "Bearer " + token, {
                "task": os.environ["CLEARML_TASK_ID"], "status_reason": "%s", "force": True})
            print("and goes on for a while")
            """.formatted(OWN_REASON);

    private static final String ENVIRONMENT = """
            import os
            print("rate", os.environ.get("LEARNING_RATE"), "text", os.environ.get("TEXT"))
            print("for the SDK", os.environ.get("CLEARML_LOG_TASK_TO_BACKEND"), os.environ.get("CUDA_DEVICE_ORDER"))
            """;

    private static final String CARRIAGE_RETURNS = """
            import sys
            for step in range(0, 101, 20):
                sys.stdout.write("\\rprogress %d%%" % step)
                sys.stdout.flush()
            sys.stdout.write("\\n")
            sys.stdout.write("a\\rb\\r\\n")
            print("done")
            """;

    private static final String INVALID_TEXT = """
            import sys
            sys.stdout.buffer.write(b"a word in Latin-1: caf\\xe9\\n")
            sys.stdout.buffer.write(b"no text at all: \\xff\\xfe\\n")
            sys.stdout.buffer.write("snow: \\u2603\\n".encode())
            """;

    /**
     * Where the tasks find their code and packages.
     *
     * @param repository the address of {@link ComparedProject}
     * @param withToken the same behind a password, with user and token in the address
     * @param withNetrc the same behind a password that {@code ~/.netrc} holds
     * @param encrypted the same with a certificate whose authority git's configuration names
     * @param index an index with the package {@link #ANOTHER_INDEX_PACKAGE}
     */
    record Places(String repository, String withToken, String withNetrc, String encrypted, String index) {}

    /** A package that the public index should not have. */
    static final String ANOTHER_INDEX_PACKAGE = "agent_compared_index";

    /**
     * All of them; those that install packages last, since the Python agent uses the environment of the last task again.
     *
     * @param python the name of the interpreter
     */
    static List<ComparedTask> all(String python, Places places) {
        String repository = places.repository();
        return List.of(
                new ComparedTask(NOTHING_TO_RUN, 0, script(python, Map.of("entry_point", "", "diff", "")), Map.of()),
                literal("exit code 3", 2, python, """
                        import os, sys
                        print("started", len(os.environ["CLEARML_TASK_ID"]))
                        print("to standard error", file=sys.stderr)
                        sys.exit(3)
                        """),
                literal(ABORT, 1, python, """
                        import time
                        print("it began", flush=True)
                        time.sleep(600)
                        """),
                new ComparedTask(
                        "environment section",
                        2,
                        script(python, Map.of("entry_point", "show.py", "diff", ENVIRONMENT)),
                        Map.of(
                                "Environment",
                                Map.of(
                                        "LEARNING_RATE", parameter("Environment", "LEARNING_RATE", "0.125"),
                                        "TEXT", parameter("Environment", "TEXT", "two words")),
                                "Args",
                                Map.of("epochs", parameter("Args", "epochs", "3")))),
                literal("carriage returns", 3, python, CARRIAGE_RETURNS),
                literal("invalid UTF-8", 3, python, INVALID_TEXT),
                literal(OWN_STATUS, 2, python, COMPLETES_ITSELF),
                new ComparedTask(
                        "missing requirement",
                        0,
                        script(
                                python,
                                Map.of(
                                        "entry_point", "never.py",
                                        "diff", "print('never')\n",
                                        "requirements", Map.of("pip", "six==0.0.999"))),
                        Map.of()),
                new ComparedTask(
                        "branch with diff",
                        3,
                        script(
                                python,
                                Map.of(
                                        "repository",
                                        repository,
                                        "branch",
                                        ComparedProject.BRANCH,
                                        "working_dir",
                                        "training",
                                        "entry_point",
                                        "train.py --name 'two words'",
                                        "diff",
                                        ComparedProject.DIFF)),
                        Map.of()),
                ofBranch(TAG_AS_BRANCH, 3, python, repository, ComparedProject.TAG, ""),
                ofBranch(WITHOUT_PREFIX, 3, python, repository, ComparedProject.BRANCH, ComparedProject.WITHOUT_PREFIX),
                ofBranch(COLOURED, 3, python, repository, ComparedProject.BRANCH, ComparedProject.COLOURED),
                ofBranch("token in the address", 3, python, places.withToken(), ComparedProject.BRANCH, ""),
                ofBranch("password in netrc", 3, python, places.withNetrc(), ComparedProject.BRANCH, ""),
                ofBranch("authority of git", 3, python, places.encrypted(), ComparedProject.BRANCH, ""),
                new ComparedTask(
                        "names that are not ASCII",
                        1,
                        script(
                                python,
                                Map.of(
                                        "repository",
                                        repository,
                                        "branch",
                                        ComparedProject.NAMES,
                                        "working_dir",
                                        "gr\u00f6\u00dfe",
                                        "entry_point",
                                        "'l\u00e4uft \u00e9.py'")),
                        Map.of()),
                new ComparedTask(
                        OF_WINDOWS,
                        1,
                        script(
                                python,
                                Map.of(
                                        "repository",
                                        repository,
                                        "branch",
                                        ComparedProject.OF_WINDOWS,
                                        "entry_point",
                                        "src\\train.py")),
                        Map.of()),
                new ComparedTask(
                        "requirements of the client",
                        1,
                        script(
                                python,
                                Map.of(
                                        "repository",
                                        repository,
                                        "branch",
                                        ComparedProject.WITHOUT_REQUIREMENTS,
                                        "working_dir",
                                        "jobs",
                                        "entry_point",
                                        "train.py",
                                        "diff",
                                        ComparedProject.REQUIREMENTS_OF_THE_CLIENT)),
                        Map.of()),
                new ComparedTask(
                        "module entry",
                        2,
                        script(
                                python,
                                Map.of(
                                        "repository",
                                        repository,
                                        "branch",
                                        "main",
                                        "entry_point",
                                        "-m tool.report --rate 0.5",
                                        "requirements",
                                        Map.of("pip", "six==1.17.0"))),
                        Map.of()),
                new ComparedTask(
                        "source archive without pyproject",
                        1,
                        script(
                                python,
                                Map.of(
                                        "entry_point", "show.py",
                                        "diff", "import docopt\nprint(docopt.__version__)\n",
                                        "requirements", Map.of("pip", "docopt==0.6.2\nsix==1.17.0"))),
                        Map.of()),
                new ComparedTask(
                        PACKAGE_OF_REPOSITORY,
                        1,
                        script(
                                python,
                                Map.of(
                                        "repository",
                                        repository,
                                        "branch",
                                        ComparedProject.WITH_PACKAGE,
                                        "entry_point",
                                        "train.py",
                                        "requirements",
                                        Map.of("pip", "./local"))),
                        Map.of()),
                new ComparedTask(
                        ANOTHER_INDEX,
                        1,
                        script(
                                python,
                                Map.of(
                                        "entry_point",
                                        "show.py",
                                        "diff",
                                        "import %1$s\nprint(%1$s.VERSION)\n".formatted(ANOTHER_INDEX_PACKAGE),
                                        "requirements",
                                        Map.of(
                                                "pip",
                                                "--extra-index-url %s\n%s\n"
                                                        .formatted(places.index(), ANOTHER_INDEX_PACKAGE)))),
                        Map.of()),
                new ComparedTask(
                        "requirements kept before",
                        1,
                        script(
                                python,
                                Map.of(
                                        "entry_point", "show.py",
                                        "diff", "import six\nprint(six.__version__)\n",
                                        "requirements",
                                                Map.of("pip", List.of("six==1.17.0"), "org_pip", "six > 1.10 # mine"))),
                        Map.of()));
    }

    private static ComparedTask ofBranch(
            String name, int lines, String python, String repository, String branch, String diff) {
        return new ComparedTask(
                name,
                lines,
                script(
                        python,
                        Map.of(
                                "repository",
                                repository,
                                "branch",
                                branch,
                                "working_dir",
                                "training",
                                "entry_point",
                                "train.py",
                                "diff",
                                diff)),
                Map.of());
    }

    private static ComparedTask literal(String name, int lines, String python, String program) {
        return new ComparedTask(
                name, lines, script(python, Map.of("entry_point", "task.py", "diff", program)), Map.of());
    }

    private static Map<String, ?> script(String python, Map<String, ?> members) {
        var script = new TreeMap<String, Object>(members);
        script.putIfAbsent("binary", python);
        script.putIfAbsent("working_dir", ".");
        return script;
    }

    private static Map<String, String> parameter(String section, String name, String value) {
        return Map.of("section", section, "name", name, "value", value);
    }

    /** The task that is made of this one when it has ended. */
    ComparedTask cloned() {
        return new ComparedTask("clone of " + name, lines, script, hyperParameters);
    }

    /** What the server is asked to make. */
    Map<String, ?> document() {
        return Map.of(
                "name",
                name,
                "type",
                "training",
                "script",
                script,
                "hyperparams",
                hyperParameters,
                "container",
                Map.of());
    }

    @Override
    public String toString() {
        return name;
    }
}
