// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.secret.Secret;

/**
 * The shell script that is the container's first process: prepares the container, then becomes the execute process, so that
 * signals reach it. As with the Python agent, a step that fails does not stop the others.
 */
final class StartScript {

    /** Where the script and the variables are in the container. */
    static final String FOLDER = "/run/clearml-agent";

    static final String FILE = "start.sh";
    static final String VARIABLES = "variables";

    private static final String OPENCV_PACKAGES = "libsm6 libxext6 libxrender-dev libglib2.0-0";

    /** Images that have what a task needs are left as they are; others get it where they can install packages. */
    private static final String BUILT_IN = """
        missing=
        command -v git >/dev/null 2>&1 || missing="$missing git"
        command -v python3 >/dev/null 2>&1 || command -v python >/dev/null 2>&1 || missing="$missing python3"
        if command -v python3 >/dev/null 2>&1; then
            python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3-pip"
        else
            missing="$missing python3-pip"
        fi
        if [ -n "$missing$CLEARML_APT_INSTALL" ]; then
            if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
                export DEBIAN_FRONTEND=noninteractive
                rm -f /etc/apt/apt.conf.d/docker-clean
                echo "clearml-agent: installing$missing $CLEARML_APT_INSTALL"
                apt-get update -q && apt-get install -q -y $missing $CLEARML_APT_INSTALL@OPENCV@
            elif [ "$(id -u)" = 0 ] && command -v dnf >/dev/null 2>&1; then
                echo "clearml-agent: installing$missing $CLEARML_APT_INSTALL"
                dnf install -q -y $missing $CLEARML_APT_INSTALL
            else
                echo "clearml-agent: the image lacks$missing, and its user cannot install packages"
            fi
        fi
        """;

    /** Programs of Debian read one file, whatever the variables name; a later update-ca-certificates keeps the addition. */
    private static final String TRUST = """
        if [ -f "$SSL_CERT_FILE" ] && [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] &&
                { [ ! -e /etc/ssl/certs/ca-certificates.crt ] || [ -w /etc/ssl/certs/ca-certificates.crt ]; }; then
            mkdir -p /usr/local/share/ca-certificates /etc/ssl/certs &&
                cp "$SSL_CERT_FILE" /usr/local/share/ca-certificates/clearml-agent.crt &&
                { echo; cat "$SSL_CERT_FILE"; } >>/etc/ssl/certs/ca-certificates.crt
        fi
        """;

    private static final String KEYS = """
        if [ -d @COPY@ ]; then mkdir -p @KEYS@ && cp -R @COPY@/. @KEYS@/ && chmod -R go-rwx @KEYS@; fi
        if [ -d @COPY@.git ]; then cp -R @COPY@.git/. ~/; fi
        """;

    /** Keys are no part of an image. */
    private static final String FORGET_KEYS = """
        status=$?
        for key in @COPY@/* @COPY@/.[!.]*; do rm -rf @KEYS@/"${key##*/}"; done
        for file in @COPY@.git/.[!.]*; do rm -f ~/"${file##*/}"; done
        exit $status
        """;

    private final Settings settings;
    private final String setupScript;
    private final ExecutionRequest request;

    /** @param setupScript of the task, or of the rule that chose its container */
    StartScript(Settings settings, String setupScript, ExecutionRequest request) {
        this.settings = settings;
        this.setupScript = setupScript;
        this.request = request;
    }

    /** What the container runs: bash where there is one, since users write for it. */
    static List<String> command() {
        return List.of("sh", "-c", "exec \"$(command -v bash || echo sh)\" " + FOLDER + "/" + FILE);
    }

    String text() {
        List<String> parts = new ArrayList<>();
        parts.add(". " + FOLDER + "/" + VARIABLES);
        boolean keepsImage = request.image().isWanted();
        if (!keepsImage) {
            parts.add("exec 3>&1 4>&2 >>" + file(ExecutionRequest.SETUP_LOG) + " 2>&1");
        }
        parts.add(TRUST.strip());
        parts.addAll(settings.get(DockerSettings.FIRST_SCRIPT).orElse(List.of()));
        parts.add(aboutKeys(KEYS));
        String opencv = settings.get(DockerSettings.OPENCV) ? " " + OPENCV_PACKAGES : "";
        settings.get(DockerSettings.INIT_SCRIPT)
                .ifPresentOrElse(
                        lines -> lines.forEach(line -> parts.add(unbraced(line))),
                        () -> parts.add(BUILT_IN.replace("@OPENCV@", opencv).strip()));
        parts.addAll(settings.get(DockerSettings.EXTRA_SCRIPT).orElse(List.of()));
        setupScript
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(parts::add);
        String command = request.command().stream().map(ShellWords::quote).collect(Collectors.joining(" "));
        if (keepsImage) {
            parts.addAll(List.of(command, aboutKeys(FORGET_KEYS)));
            return String.join("\n", parts) + "\n";
        }
        parts.add(
                request.output() == ExecutionRequest.Output.FILE
                        ? "exec >>" + file("execute.log") + " 2>&1 3>&- 4>&-"
                        : "exec 1>&3 2>&4 3>&- 4>&-");
        parts.add("exec " + command);
        return String.join("\n", parts) + "\n";
    }

    private String aboutKeys(String lines) {
        return lines.replace("@COPY@", ShellWords.quote(internal("ssh_ro_folder", Mounts.SSH_COPY)))
                .replace("@KEYS@", internal("ssh_folder", "~/.ssh"))
                .strip();
    }

    /** Braces of scripts for the Python agent are doubled, as its templates want them. */
    private static String unbraced(String line) {
        return line.replace("{python_single_digit}", "python3")
                .replace("{{", "{")
                .replace("}}", "}");
    }

    /** The variables as assignments; a file keeps the secret ones out of what the engine shows. */
    static String variables(Map<String, String> plain, Map<String, Secret> secrets) {
        return Stream.concat(
                        plain.entrySet().stream(),
                        secrets.entrySet().stream()
                                .map(entry -> Map.entry(
                                        entry.getKey(), entry.getValue().reveal())))
                .filter(entry -> entry.getKey().matches("[A-Za-z_][A-Za-z0-9_]*"))
                .map(entry ->
                        "export " + entry.getKey() + "='" + entry.getValue().replace("'", "'\\''") + "'\n")
                .sorted()
                .collect(Collectors.joining());
    }

    private String file(String name) {
        return ShellWords.quote(request.folder().resolve(name).toString());
    }

    private String internal(String name, String otherwise) {
        return settings.get(DockerSettings.INTERNAL_MOUNTS).getOrDefault(name, otherwise);
    }
}
