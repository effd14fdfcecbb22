// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.embeddedserver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.embedded.store.Retention;

/**
 * The settings of the embedded server.
 *
 * @param host the address to listen on
 * @param port the first port to try for a new data folder
 * @param data the data folder
 * @param idle after how long without use a server that was started in the background ends
 * @param retention which events are kept
 * @param anonymous whether callers without credentials are served
 * @param names other names of the server
 * @param filesLimit how many bytes the uploaded files may hold, 0 for any number
 * @param tls how https is served; absent for http
 */
record ServerSettings(
        String host,
        int port,
        Path data,
        Duration idle,
        Retention retention,
        boolean anonymous,
        List<String> names,
        long filesLimit,
        Optional<TlsFiles> tls) {

    static final Setting<String> HOST = Setting.of(
            "agent.embedded_server.host",
            ValueTypes.TEXT,
            "127.0.0.1",
            "Address that the embedded server listens on; anything but loopback opens it to other machines");

    static final Setting<Long> PORT = Setting.of(
            "agent.embedded_server.port",
            ValueTypes.integer(0, 65535),
            8008L,
            "Port of the embedded server when its data folder is new, or the next free one; later starts keep the port, --port changes it");

    static final Setting<Optional<Path>> DATA = Setting.optional(
            "agent.embedded_server.data",
            ValueTypes.PATH,
            "Folder in which the embedded server keeps everything; by default a folder of the agent's state");

    static final Setting<Long> IDLE_MINUTES = Setting.of(
            "agent.embedded_server.idle_minutes",
            ValueTypes.INTEGER,
            30L,
            "After so many minutes without use an embedded server that was started in the background ends; 0 means never");

    static final Setting<Long> EVENT_DAYS = Setting.of(
            "agent.embedded_server.event_days",
            ValueTypes.INTEGER,
            0L,
            "Console output, scalars, figures and the records of pictures that were stored more than so many days ago are removed; 0 keeps them; the last, least and greatest value of a scalar stay with the task");

    static final Setting<Long> CONSOLE_REPORTS = Setting.of(
            "agent.embedded_server.console_reports",
            ValueTypes.INTEGER,
            0L,
            "So many of the newest console reports of each task are kept, of which each holds one or more lines; older ones are removed within some minutes; 0 keeps all");

    static final Setting<Boolean> ANONYMOUS = Setting.of(
            "agent.embedded_server.anonymous",
            ValueTypes.BOOLEAN,
            false,
            "Serve callers who send no credentials, with all rights: for closed networks only; wrong credentials are refused all the same");

    static final Setting<List<String>> NAMES = Setting.of(
            "agent.embedded_server.names",
            ValueTypes.list(ValueTypes.TEXT),
            List.of(),
            "Names beyond those of this machine by which callers call the embedded server; requests under other names are refused");

    static final Setting<Long> FILES_LIMIT = Setting.of(
            "agent.embedded_server.files_limit",
            ValueTypes.BYTES,
            0L,
            "How much the uploaded files may hold together; 0 for no limit");

    static final Setting<Boolean> TLS = Setting.of(
            "agent.embedded_server.tls",
            ValueTypes.BOOLEAN,
            false,
            "Serve https, with agent.embedded_server.certificate or else a certificate that the server makes once");

    static final Setting<Optional<Path>> CERTIFICATE = Setting.optional(
            "agent.embedded_server.certificate",
            ValueTypes.PATH,
            "PEM file with the certificate of the embedded server and those that lead to its authority; needs agent.embedded_server.private_key");

    static final Setting<Optional<Path>> PRIVATE_KEY = Setting.optional(
            "agent.embedded_server.private_key",
            ValueTypes.PATH,
            "PEM file with the private key of agent.embedded_server.certificate, as PKCS#8");

    static final List<Setting<?>> ALL = List.of(
            HOST,
            PORT,
            DATA,
            IDLE_MINUTES,
            EVENT_DAYS,
            CONSOLE_REPORTS,
            ANONYMOUS,
            NAMES,
            FILES_LIMIT,
            TLS,
            CERTIFICATE,
            PRIVATE_KEY);

    static ServerSettings of(PluginContext context) {
        var settings = context.settings();
        return new ServerSettings(
                settings.get(HOST),
                Math.toIntExact(settings.get(PORT)),
                settings.get(DATA).orElseGet(() -> context.stateFolder().resolve("data")),
                Duration.ofMinutes(settings.get(IDLE_MINUTES)),
                new Retention(Duration.ofDays(notNegative(context, EVENT_DAYS)), notNegative(context, CONSOLE_REPORTS)),
                settings.get(ANONYMOUS),
                settings.get(NAMES),
                notNegative(context, FILES_LIMIT),
                tls(context));
    }

    /** The files for https, if https is enabled. */
    private static Optional<TlsFiles> tls(PluginContext context) {
        Optional<Path> certificate = context.settings().get(CERTIFICATE);
        Optional<Path> key = context.settings().get(PRIVATE_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    CERTIFICATE.key() + " and " + PRIVATE_KEY.key() + " need each other; set both, or neither and "
                            + TLS.key());
        }
        if (certificate.isPresent()) {
            return Optional.of(new TlsFiles(certificate, key));
        }
        return context.settings().get(TLS)
                ? Optional.of(new TlsFiles(Optional.empty(), Optional.empty()))
                : Optional.empty();
    }

    /**
     * The files of a certificate.
     *
     * @param certificate the certificate; absent for one that the server makes
     * @param key its private key
     */
    record TlsFiles(Optional<Path> certificate, Optional<Path> key) {}

    private static long notNegative(PluginContext context, Setting<Long> setting) {
        long value = context.settings().get(setting);
        if (value < 0) {
            throw new AgentException(
                    ErrorCode.CONFIGURATION_INVALID,
                    setting.key() + " is '" + value + "'; a whole number from 0 is needed, 0 for no limit");
        }
        return value;
    }
}
