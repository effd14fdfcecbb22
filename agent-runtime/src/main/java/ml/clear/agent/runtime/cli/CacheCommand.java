// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.environment.CacheInspection;
import ml.clear.agent.runtime.environment.CachedEnvironment;
import ml.clear.agent.runtime.environment.EnvironmentSettings;

/** {@code cache}: the environments that are kept for later tasks. */
final class CacheCommand {

    private static final int SHORT = 12;
    private static final Option ALL = Option.flag("--all", "remove all that no task uses, also those that are whole");
    private static final Option REPAIR = Option.flag("--repair", "remove those that are damaged");
    private static final Option KEY = Option.argument("key", "the key of an environment, or its beginning");

    private final Supplier<Agent> agent;

    private CacheCommand(Supplier<Agent> agent) {
        this.agent = agent;
    }

    static Subcommand of(Supplier<Agent> agent) {
        CacheCommand command = new CacheCommand(agent);
        return Subcommand.group(
                "cache",
                "Show, check and remove the environments that are kept for later tasks",
                List.of(
                        Subcommand.of(
                                "ls", "Print the kept environments, the one used last first", List.of(), command::list),
                        Subcommand.of(
                                "verify",
                                "Compare the files of the kept environments with what was written down; exit code 1 when one is"
                                        + " damaged",
                                List.of(REPAIR),
                                command::verify),
                        Subcommand.of(
                                "prune",
                                "Remove damaged environments and those above agent.venvs_cache.max_entries",
                                List.of(ALL),
                                command::prune),
                        Subcommand.of(
                                "explain",
                                "Print what an environment was made from, and how the most similar one differs",
                                List.of(KEY),
                                command::explain)));
    }

    private CacheInspection inspection() {
        return new CacheInspection(settings(), agent.get().clock());
    }

    private EnvironmentSettings settings() {
        return EnvironmentSettings.of(agent.get().configuration());
    }

    private int list(Invocation invocation) {
        List<CachedEnvironment> all = inspection().list();
        Instant now = agent.get().clock().instant();
        for (CachedEnvironment one : all) {
            invocation
                    .out()
                    .println(String.format(
                            Locale.ROOT,
                            "%s  %-8s %-8s %6d files %7.1f MiB  used %s ago",
                            shortKey(one.key()),
                            one.identity().getOrDefault("manager", "damaged"),
                            one.identity().getOrDefault("python version", "-"),
                            one.files(),
                            one.bytes() / (double) (1 << 20),
                            age(Duration.between(one.used(), now))));
        }
        invocation
                .out()
                .println(
                        all.isEmpty()
                                ? "no environments in '" + settings().cache() + "'"
                                : all.size() + " of at most " + settings().maximumEntries() + " environments in '"
                                        + settings().cache() + "'");
        return ExitCode.OK;
    }

    private static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + " d";
        }
        return age.toHours() > 0 ? age.toHours() + " h" : Math.max(0, age.toMinutes()) + " min";
    }

    private int verify(Invocation invocation) {
        List<String> damaged = inspection().damaged();
        for (String key : damaged) {
            boolean removed = invocation.has(REPAIR.name()) && inspection().remove(key);
            invocation.out().println(shortKey(key) + "  damaged" + (removed ? ", removed" : ""));
        }
        invocation.out().println(damaged.isEmpty() ? "all environments are whole" : damaged.size() + " damaged");
        return damaged.isEmpty() || invocation.has(REPAIR.name()) ? ExitCode.OK : ExitCode.ERROR;
    }

    private int prune(Invocation invocation) {
        CacheInspection inspection = inspection();
        List<String> damaged = inspection.damaged();
        List<String> surplus = new ArrayList<>(damaged);
        inspection.list().stream()
                .map(CachedEnvironment::key)
                .filter(key -> !damaged.contains(key))
                .skip(invocation.has(ALL.name()) ? 0 : settings().maximumEntries())
                .forEach(surplus::add);
        int removed = 0;
        for (String key : surplus) {
            if (inspection.remove(key)) {
                removed++;
                invocation.out().println("removed " + shortKey(key));
            } else {
                invocation.out().println("kept " + shortKey(key) + ", which a task uses");
            }
        }
        invocation.out().println(removed + (removed == 1 ? " environment removed" : " environments removed"));
        return ExitCode.OK;
    }

    private int explain(Invocation invocation) {
        CacheInspection inspection = inspection();
        CachedEnvironment wanted = inspection.find(invocation.value(KEY.name()).orElse(""));
        invocation.out().println("key: " + wanted.key());
        invocation.out().println("made: " + wanted.created());
        wanted.identity().forEach((name, value) -> print(invocation, name, value));
        Optional<CachedEnvironment> similar = inspection.list().stream()
                .filter(CachedEnvironment::usable)
                .filter(other -> !other.key().equals(wanted.key()))
                .min(Comparator.comparingInt(other -> differences(wanted, other).size()));
        similar.ifPresent(other -> {
            invocation.out().println();
            invocation
                    .out()
                    .println("most similar: " + shortKey(other.key()) + ", different in "
                            + String.join(", ", differences(wanted, other)));
        });
        return ExitCode.OK;
    }

    private static void print(Invocation invocation, String name, String value) {
        if (value.contains("\n")) {
            invocation.out().println(name + ":");
            value.lines().forEach(line -> invocation.out().println("  " + line));
        } else {
            invocation.out().println(name + ": " + value);
        }
    }

    private static Set<String> differences(CachedEnvironment one, CachedEnvironment other) {
        SortedMap<String, String> first = one.identity();
        Map<String, String> second = other.identity();
        Set<String> names = new TreeSet<>(first.keySet());
        names.addAll(second.keySet());
        names.removeIf(name -> first.containsKey(name) && first.get(name).equals(second.get(name)));
        return names;
    }

    private static String shortKey(String key) {
        return key.length() > SHORT ? key.substring(0, SHORT) : key;
    }
}
