// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.runtime.config.CheckedConfiguration;
import ml.clear.agent.runtime.config.Configuration;
import ml.clear.agent.runtime.config.LoadedConfiguration;
import ml.clear.agent.runtime.config.SourceTexts;
import ml.clear.agent.runtime.config.WorkerSettings;
import ml.clear.agent.runtime.lifecycle.Stop;
import org.jspecify.annotations.Nullable;

/**
 * Watches the files of the configuration while a daemon runs. Its tasks keep the configuration that was in force: an
 * edit takes effect only with {@code agent.reload_config}, and only when the whole configuration can be used. Each edit
 * is reported once. Uses its own thread.
 */
final class ConfigurationWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(ConfigurationWatch.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Agent agent;
    private final ConfigurationInForce kept;
    private final Consumer<Configuration> reloaded;
    private final Console console;
    private final Stop stop = new Stop();
    private final Thread thread =
            Thread.ofPlatform().name("configuration-watch").daemon().unstarted(this::watch);

    private Set<Path> watched;
    private SourceTexts inForce;
    private boolean reload;
    private String stamp;

    /**
     * A watch.
     *
     * @param reloaded gets each configuration that takes effect; called in the thread of the watch
     */
    ConfigurationWatch(Agent agent, ConfigurationInForce kept, Consumer<Configuration> reloaded, Console console) {
        this.agent = agent;
        this.kept = kept;
        this.reloaded = reloaded;
        this.console = console;
        this.watched = agent.sources().loaded().watched();
        this.inForce = agent.sources().loaded().texts();
        this.reload = agent.configuration().get(WorkerSettings.RELOAD_CONFIG);
        this.stamp = stamp();
    }

    ConfigurationWatch start() {
        thread.start();
        return this;
    }

    private void watch() {
        try {
            while (!stop.await(PERIOD)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Compare the files with what is in force, when they have changed since the last look. */
    void look() {
        String now = stamp();
        if (now.equals(stamp)) {
            return;
        }
        stamp = now;
        try {
            compare();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the configuration in force cannot be kept for the next task: {0}", e);
        }
    }

    private void compare() throws IOException {
        CheckedConfiguration changed;
        LoadedConfiguration loaded;
        try {
            loaded = agent.sources().readAgain();
            changed = agent.configurationCheck().of(loaded);
            changed.orThrow();
        } catch (AgentException e) {
            keepLast(e.getMessage());
            return;
        }
        watched = loaded.watched();
        if (loaded.texts().equals(inForce)) {
            kept.drop();
            say("the configuration is again as it is in force");
        } else if (reload && loaded.isEmpty()) {
            keepLast("its files are gone or empty"); // as between the two steps of an editor that writes in place
        } else if (reload) {
            try {
                reloaded.accept(changed.configuration());
            } catch (AgentException e) {
                keepLast(e.getMessage());
                return;
            }
            inForce = loaded.texts();
            agent.redactor().registerAll(changed.configuration().secrets());
            reload = changed.configuration().get(WorkerSettings.RELOAD_CONFIG);
            kept.drop();
            say("the configuration has changed and takes effect with the next task");
            changed.warnings().forEach(warning -> say(warning.toString()));
        } else {
            kept.keep(inForce);
            say("the configuration has changed; it takes effect when the daemon starts again, or at once with"
                    + " agent.reload_config: true");
        }
    }

    private void keepLast(@Nullable String why) throws IOException {
        kept.keep(inForce);
        say("keeping the last valid configuration: " + why);
    }

    private void say(String words) {
        console.line("clearml-agent: " + words);
    }

    private String stamp() {
        return watched.stream().map(ConfigurationWatch::stamp).collect(Collectors.joining(" "));
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + "/" + attributes.size() + "/" + attributes.fileKey() + "/"
                    + Files.isReadable(file); // a change of permissions changes no time of modification
        } catch (IOException e) {
            return "-";
        }
    }

    /** End the thread; processes that start from now on read the usual files. */
    @Override
    public void close() {
        stop.request();
        try {
            thread.join();
            kept.drop();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the configuration that was in force is left: {0}", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
