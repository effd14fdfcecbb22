// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.file.Folders;
import ml.clear.agent.api.process.Console;
import ml.clear.agent.plugin.conda.CondaClient.Attempt;
import ml.clear.agent.plugin.conda.CondaClient.Order;
import ml.clear.agent.plugin.conda.CondaRequirement.Rule;
import ml.clear.agent.plugin.pythonsupport.Requirement;

/**
 * Installs packages of channels, in as many attempts as it takes to find out what the channels have: what they lack is asked for
 * in its next form, then left to pip or left out, as each wish says. One installation, by one thread.
 */
final class CondaInstallation {

    private final CondaClient client;
    private final List<String> channels;
    private final Console console;

    private final List<Requirement> forPip = new ArrayList<>();
    private List<CondaRequirement> wishes;

    CondaInstallation(CondaClient client, List<String> channels, List<CondaRequirement> wishes, Console console) {
        this.client = client;
        this.channels = List.copyOf(channels);
        this.wishes = List.copyOf(wishes);
        this.console = console;
    }

    /**
     * Install.
     *
     * @param keep whether the environment exists and its other packages stay
     * @return what is left for pip
     */
    List<Requirement> into(Path prefix, boolean keep) throws InterruptedException {
        boolean whole = true;
        boolean exact = true;
        while (true) {
            Order order = new Order(
                    prefix,
                    keep,
                    channels,
                    wishes.stream().map(CondaRequirement::first).toList());
            switch (client.install(order, console)) {
                case Attempt.Installed() -> {
                    return List.copyOf(forPip);
                }
                case Attempt.Missing(Set<String> names) -> missing(names);
                case Attempt.Unsatisfiable(String reason) -> {
                    reason.lines().forEach(console::line);
                    List<CondaRequirement> fewer = whole ? withoutOptional() : wishes;
                    List<CondaRequirement> looser = exact ? loosened() : wishes;
                    if (!fewer.equals(wishes)) {
                        console.line("Trying again without " + difference(fewer));
                        wishes = fewer;
                        whole = false;
                    } else if (!looser.equals(wishes)) {
                        console.line(
                                "Trying again with any compatible release of the packages that are listed for pip");
                        wishes = looser;
                        exact = false;
                    } else {
                        throw CondaFailure.unsatisfiable(reason);
                    }
                }
            }
            if (!keep) {
                clear(prefix);
            }
        }
    }

    private List<CondaRequirement> withoutOptional() {
        return wishes.stream()
                .filter(wish ->
                        wish.rule() != Rule.OPTIONAL || wish.first().name().equals("pip"))
                .toList();
    }

    /** Only pip's list is loosened: it was recorded for another installer; a list for conda means what it says. */
    private List<CondaRequirement> loosened() {
        return wishes.stream()
                .map(wish -> wish.rule() == Rule.OR_PIP ? wish.loosened() : wish)
                .toList();
    }

    private String difference(List<CondaRequirement> fewer) {
        return wishes.stream()
                .filter(wish -> !fewer.contains(wish))
                .map(wish -> "'" + wish.first() + "'")
                .collect(Collectors.joining(", "));
    }

    private void missing(Set<String> names) throws InterruptedException {
        Set<String> groups = new LinkedHashSet<>();
        List<CondaRequirement> next = new ArrayList<>();
        List<CondaRequirement> lacking = new ArrayList<>();
        boolean changed = false;
        for (CondaRequirement wish : wishes) {
            boolean absent = names.contains(wish.first().name());
            changed |= absent;
            Optional<CondaRequirement> other = absent ? wish.next() : Optional.of(wish);
            if (other.isPresent()) {
                next.add(other.get());
            } else if (wish.rule() == Rule.REQUIRED) {
                lacking.add(wish);
            } else if (wish.rule() == Rule.OR_PIP) {
                console.line("'" + wish.first() + "' is in no channel; pip installs it");
                forPip.addAll(wish.requirements());
                groups.add(wish.group());
            }
        }
        if (!changed) {
            throw new AgentException(
                    ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                    "the channels lack " + String.join(", ", names)
                            + ", which no requirement names; add the channel that "
                            + "has them to agent.package_manager.conda_channels");
        }
        wishes = withoutGroups(next, groups);
        leaveOut(lacking);
    }

    /** Packages of one group come from one installer, such as torch and torchvision, which must be of one build. */
    private List<CondaRequirement> withoutGroups(List<CondaRequirement> all, Set<String> groups) {
        List<CondaRequirement> kept = new ArrayList<>();
        for (CondaRequirement wish : all) {
            boolean moves = !wish.group().isEmpty() && groups.contains(wish.group()) && wish.rule() != Rule.REQUIRED;
            if (!moves) {
                kept.add(wish);
            } else if (wish.rule() == Rule.OR_PIP) {
                console.line("'" + wish.first() + "' is installed by pip too, so that both are of one build");
                forPip.addAll(wish.requirements());
            }
        }
        return List.copyOf(kept);
    }

    private void leaveOut(List<CondaRequirement> lacking) throws InterruptedException {
        if (lacking.isEmpty()) {
            return;
        }
        Set<String> names = lacking.stream().map(wish -> wish.first().name()).collect(Collectors.toSet());
        Set<String> foreign = client.elsewhere(channels, names, console);
        for (CondaRequirement wish : lacking) {
            if (!foreign.contains(wish.first().name())) {
                throw new AgentException(
                        ErrorCode.REQUIREMENTS_UNSATISFIABLE,
                        "no channel has '" + wish.first() + "' (" + wish.origin() + ") for " + Machine.system()
                                + "; the channels are " + String.join(", ", shown()));
            }
            console.line("'" + wish.first() + "' exists for other systems only and is left out");
        }
    }

    private List<String> shown() {
        return channels.stream().map(Channels::withoutSecrets).toList();
    }

    private static void clear(Path prefix) {
        try {
            if (Files.isDirectory(prefix)) {
                Folders.clear(prefix);
            }
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.FILE_SYSTEM, "cannot empty '" + prefix + "': " + Objects.toString(e.getMessage()), e);
        }
    }
}
