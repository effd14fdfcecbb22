package com.acme.sftp;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.Settings;
import ml.clear.agent.api.config.ValueTypes;

/**
 * How servers are reached.
 *
 * @param user for addresses that name none
 * @param key the private key, without a passphrase
 * @param knownHosts the keys of servers, in OpenSSH's format
 * @param timeout for a connection, and for a server that does not answer
 */
record SftpSettings(String user, Path key, Path knownHosts, Duration timeout) {

    private static final Setting<String> USER = Setting.of(
            "agent.acme_sftp.user",
            ValueTypes.TEXT,
            System.getProperty("user.name"),
            "User for addresses such as sftp://host/folder, which name none");
    static final Setting<Path> KEY = Setting.of(
            "agent.acme_sftp.key",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.ssh/id_ed25519"),
            "File with the private key for SFTP servers; it has no passphrase");
    static final Setting<Path> KNOWN_HOSTS = Setting.of(
            "agent.acme_sftp.known_hosts",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.ssh/known_hosts"),
            "File with the keys of SFTP servers; a server that it does not list is refused");
    private static final Setting<Duration> TIMEOUT = Setting.of(
            "agent.acme_sftp.timeout",
            ValueTypes.duration(ChronoUnit.SECONDS),
            Duration.ofSeconds(30),
            "Longest time for a connection to an SFTP server, and for an answer of it");

    static final List<Setting<?>> ALL = List.of(USER, KEY, KNOWN_HOSTS, TIMEOUT);

    static SftpSettings from(Settings settings) {
        return new SftpSettings(
                settings.get(USER), settings.get(KEY), settings.get(KNOWN_HOSTS), settings.get(TIMEOUT));
    }
}
