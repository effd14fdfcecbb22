// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.config;

import static ml.clear.agent.api.config.ValueTypes.ADDRESS;
import static ml.clear.agent.api.config.ValueTypes.BOOLEAN;
import static ml.clear.agent.api.config.ValueTypes.BYTES;
import static ml.clear.agent.api.config.ValueTypes.INTEGER;
import static ml.clear.agent.api.config.ValueTypes.NUMBER;
import static ml.clear.agent.api.config.ValueTypes.SECRET;
import static ml.clear.agent.api.config.ValueTypes.TEXT;
import static ml.clear.agent.api.config.ValueTypes.choice;
import static ml.clear.agent.api.config.ValueTypes.duration;
import static ml.clear.agent.api.config.ValueTypes.list;

import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.secret.Secret;

/** Where the server is, and how it is spoken to. */
public final class ApiSettings {

    /** Methods of requests. */
    public enum Method {
        /** As the Python agent. */
        GET,
        /** The default of ours. */
        POST,
        /** For some load balancers. */
        PUT
    }

    /** The server of the REST API. */
    public static final Setting<Optional<URI>> API_SERVER = Setting.optional(
                    "api.api_server", ADDRESS, "Address of the ClearML API server")
            .environment("CLEARML_API_HOST", "TRAINS_API_HOST");

    /** The old name of the API server. */
    public static final Setting<Optional<URI>> HOST =
            Setting.optional("api.host", ADDRESS, "Old name of api.api_server, read where that is absent");

    /** The web application. */
    public static final Setting<Optional<URI>> WEB_SERVER = Setting.optional(
                    "api.web_server", ADDRESS, "Address of the ClearML web server, for links that people open")
            .environment("CLEARML_WEB_HOST", "TRAINS_WEB_HOST");

    /** The files server. */
    public static final Setting<Optional<URI>> FILES_SERVER = Setting.optional(
                    "api.files_server", ADDRESS, "Address where artifacts and models are stored by default")
            .environment("CLEARML_FILES_HOST", "TRAINS_FILES_HOST");

    /** The key. */
    public static final Setting<Optional<Secret>> ACCESS_KEY = Setting.optional(
                    "api.credentials.access_key", SECRET, "Access key of the ClearML user that the agent works for")
            .environment("CLEARML_API_ACCESS_KEY", "TRAINS_API_ACCESS_KEY");

    /** The secret that belongs to the key. */
    public static final Setting<Optional<Secret>> SECRET_KEY = Setting.optional(
                    "api.credentials.secret_key", SECRET, "Secret key that belongs to api.credentials.access_key")
            .environment("CLEARML_API_SECRET_KEY", "TRAINS_API_SECRET_KEY");

    /** Certificates: a truth value, or the path of a bundle. */
    public static final Setting<String> VERIFY_CERTIFICATE = Setting.of(
                    "api.verify_certificate",
                    TEXT,
                    "true",
                    "Whether the server's certificate is checked: true, false, or the path of a bundle to check it with")
            .environment("CLEARML_API_HOST_VERIFY_CERT", "TRAINS_API_HOST_VERIFY_CERT");

    /** Size of batches. */
    public static final Setting<Long> MAX_REQUEST_SIZE =
            Setting.of("api.http.max_req_size", BYTES, 15_728_640L, "Size above which batches of requests are split");

    /** Retries in all. */
    public static final Setting<Long> RETRIES_TOTAL = retries("total", "in all");

    /** Retries of connections. */
    public static final Setting<Long> RETRIES_CONNECT = retries("connect", "after a connection that failed");

    /** Retries of reads. */
    public static final Setting<Long> RETRIES_READ = retries("read", "after an answer that did not come");

    /** Redirections. */
    public static final Setting<Long> RETRIES_REDIRECT = retries("redirect", "for redirections");

    /** Retries of bad answers. */
    public static final Setting<Long> RETRIES_STATUS = retries("status", "after a status that asks to come again");

    /** Growth of the wait. */
    public static final Setting<Double> BACKOFF_FACTOR = Setting.of(
            "api.http.retries.backoff_factor",
            NUMBER,
            1.0,
            "Seconds of the first wait between retries; each wait doubles it");

    /** Longest wait. */
    public static final Setting<Duration> BACKOFF_MAX = Setting.of(
            "api.http.retries.backoff_max",
            duration(ChronoUnit.SECONDS),
            Duration.ofMinutes(2),
            "Longest wait between retries");

    /** Patience with maintenance. */
    public static final Setting<Boolean> WAIT_ON_MAINTENANCE = Setting.of(
            "api.http.wait_on_maintenance_forever",
            BOOLEAN,
            true,
            "Whether requests wait as long as the server answers that it is under maintenance");

    /** Connections kept. */
    public static final Setting<Long> POOL_MAXSIZE =
            Setting.of("api.http.pool_maxsize", INTEGER, 512L, "Most connections kept open to one host");

    /** Hosts with connections. */
    public static final Setting<Long> POOL_CONNECTIONS =
            Setting.of("api.http.pool_connections", INTEGER, 512L, "Most hosts with connections kept open");

    /** The method of requests. */
    public static final Setting<Optional<Method>> DEFAULT_METHOD = Setting.optional(
                    "api.http.default_method", choice(Method.class), "HTTP method of requests; post where absent")
            .environment("CLEARML_API_DEFAULT_REQ_METHOD");

    /** When a token is renewed. */
    public static final Setting<Duration> TOKEN_EXPIRATION_THRESHOLD = Setting.of(
            "api.auth.token_expiration_threshold_sec",
            duration(ChronoUnit.SECONDS),
            Duration.ofHours(12),
            "Time before its end at which a token is renewed");

    /** The life of a token. */
    public static final Setting<Optional<Duration>> REQUEST_TOKEN_EXPIRATION = Setting.optional(
            "api.auth.request_token_expiration_sec",
            duration(ChronoUnit.SECONDS),
            "How long a token should live; the server decides where absent");

    /** Finding one's address. */
    public static final Setting<String> PUBLIC_IP_PING = Setting.of(
            "api.public_ip_ping", TEXT, "8.8.8.8", "Address whose route determines the address of this machine");

    /** Services that return the public address. */
    public static final Setting<List<String>> PUBLIC_IP_SERVICE_URLS = Setting.of(
            "api.public_ip_service_urls",
            list(TEXT),
            List.of("https://api.ipify.org", "https://ident.me"),
            "Services that return the public address of this machine");

    /** Unused; files have it. */
    public static final Setting<Optional<String>> VERSION =
            Setting.optional("api.version", TEXT, "Version of the API; accepted for existing files, not read");

    /** Unused; files have it. */
    public static final Setting<Optional<String>> DEFAULT_VERSION = Setting.optional(
            "api.default_version", TEXT, "Default version of requests; accepted for existing files, not read");

    private ApiSettings() {}

    private static Setting<Long> retries(String kind, String when) {
        return Setting.of("api.http.retries." + kind, INTEGER, 240L, "Most retries " + when);
    }

    /** All of them. */
    public static List<Setting<?>> all() {
        return List.of(
                API_SERVER,
                HOST,
                WEB_SERVER,
                FILES_SERVER,
                ACCESS_KEY,
                SECRET_KEY,
                VERIFY_CERTIFICATE,
                MAX_REQUEST_SIZE,
                RETRIES_TOTAL,
                RETRIES_CONNECT,
                RETRIES_READ,
                RETRIES_REDIRECT,
                RETRIES_STATUS,
                BACKOFF_FACTOR,
                BACKOFF_MAX,
                WAIT_ON_MAINTENANCE,
                POOL_MAXSIZE,
                POOL_CONNECTIONS,
                DEFAULT_METHOD,
                TOKEN_EXPIRATION_THRESHOLD,
                REQUEST_TOKEN_EXPIRATION,
                PUBLIC_IP_PING,
                PUBLIC_IP_SERVICE_URLS,
                VERSION,
                DEFAULT_VERSION);
    }
}
