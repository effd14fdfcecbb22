// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.OwnerOnly;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.config.NewConfiguration;
import ml.clear.agent.runtime.config.ServerAddresses;

/** {@code init}: writes the first configuration file, from answers or, without questions, from options and variables. */
final class InitCommand {

    private static final Option NON_INTERACTIVE = Option.flag(
            "--non-interactive",
            "ask nothing: the secrets come from CLEARML_API_SECRET_KEY and CLEARML_AGENT_GIT_PASS, the rest from options,"
                    + " or from CLEARML_API_HOST, CLEARML_API_ACCESS_KEY and their like");
    private static final Option FORCE = Option.flag("--force", "replace a file that exists");
    private static final Option NO_VERIFY = Option.flag("--no-verify", "do not log in to the server");
    private static final Option API = Option.value("--api-server", "address", "the address of the API");
    private static final Option WEB = Option.value("--web-server", "address", "the address of the web application");
    private static final Option FILES = Option.value("--files-server", "address", "the address of the files server");
    private static final Option ACCESS_KEY = Option.value("--access-key", "key", "the access key");
    private static final Option GIT_USER = Option.value("--git-user", "name", "the user for private repositories");
    private static final Option INDEXES =
            Option.values("--extra-index-url", "address", "further package indexes, besides the usual one");
    private static final Option OUTPUT =
            Option.value("--output-uri", "address", "where models and artifacts go when the code does not say");

    private final Agent agent;
    private final Invocation invocation;
    private final Map<String, String> environment;

    private InitCommand(Agent agent, Invocation invocation) {
        this.agent = agent;
        this.invocation = invocation;
        this.environment = agent.process().environment();
    }

    static Subcommand of(Supplier<Agent> agent) {
        return Subcommand.of(
                "init",
                "Write the first configuration file: from the block that the web application shows, or from answers",
                List.of(NON_INTERACTIVE, FORCE, NO_VERIFY, API, WEB, FILES, ACCESS_KEY, GIT_USER, INDEXES, OUTPUT),
                invocation -> new InitCommand(agent.get(), invocation).run());
    }

    private int run() throws InterruptedException {
        agent.configurationCheck().needs(_ -> false);
        Path file = agent.process().home().resolve("clearml.conf");
        Questions questions = new Questions(StandardInput::nextLine, invocation.out());
        boolean asks = !invocation.has(NON_INTERACTIVE.name());
        if (isThere(file) && !invocation.has(FORCE.name())) {
            boolean replace = asks && questions.yes("'" + file + "' exists. Replace it?", false);
            if (!replace) {
                invocation.err().println("clearml-agent: error: '" + file + "' exists; --force replaces it");
                return ExitCode.ERROR;
            }
        }
        NewConfiguration configuration = asks ? new InitDialogue(questions, this::verify).run() : fromOptions();
        write(file, configuration.text());
        invocation.out().println("clearml-agent: wrote " + file);
        return ExitCode.OK;
    }

    private NewConfiguration fromOptions() throws InterruptedException {
        String api = option(API, "CLEARML_API_HOST");
        String web = option(WEB, "CLEARML_WEB_HOST");
        String files = option(FILES, "CLEARML_FILES_HOST");
        if (api.isEmpty() && web.isEmpty()) {
            throw missing("--api-server or CLEARML_API_HOST");
        }
        ServerAddresses usual = ServerAddresses.of(api.isEmpty() ? web : api);
        String accessKey = option(ACCESS_KEY, "CLEARML_API_ACCESS_KEY");
        String secretKey = environment.getOrDefault("CLEARML_API_SECRET_KEY", "");
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw missing("--access-key or CLEARML_API_ACCESS_KEY, and CLEARML_API_SECRET_KEY");
        }
        NewConfiguration configuration = new NewConfiguration(
                new ServerAddresses(
                        api.isEmpty() ? usual.api() : api,
                        web.isEmpty() ? usual.web() : web,
                        files.isEmpty() ? usual.files() : files),
                accessKey,
                Secret.of(secretKey),
                option(GIT_USER, "CLEARML_AGENT_GIT_USER"),
                Secret.of(environment.getOrDefault("CLEARML_AGENT_GIT_PASS", "")),
                invocation.values(INDEXES.name()),
                option(OUTPUT, "CLEARML_DEFAULT_OUTPUT_URI"));
        verify(configuration.server(), accessKey, configuration.secretKey());
        return configuration;
    }

    private void verify(ServerAddresses server, String accessKey, Secret secretKey) throws InterruptedException {
        if (!invocation.has(NO_VERIFY.name())) {
            agent.logInOnce(server, accessKey, secretKey);
            invocation.out().println("clearml-agent: the server accepts the credentials");
        }
    }

    private static AgentException missing(String what) {
        return new AgentException(ErrorCode.COMMAND_LINE_INVALID, "init --non-interactive needs " + what);
    }

    private String option(Option option, String variable) {
        return invocation
                .value(option.name())
                .orElse(environment.getOrDefault(variable, ""))
                .strip();
    }

    private static boolean isThere(Path file) {
        try {
            return Files.size(file) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void write(Path file, String text) {
        try {
            OwnerOnly.replace(Files.exists(file) ? file.toRealPath() : file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot write '" + file + "': " + e, e);
        }
    }
}
