// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.spi.Subcommand;
import ml.clear.agent.api.spi.Subcommand.Invocation;
import ml.clear.agent.api.spi.Subcommand.Option;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.TransferProgress;
import ml.clear.agent.runtime.boot.Agent;
import ml.clear.agent.runtime.storage.Storage;
import ml.clear.agent.runtime.storage.StorageProbe;
import ml.clear.agent.runtime.storage.StorageTree;

/** {@code storage}: objects in any store that a plugin speaks to, with the credentials of the configuration. */
final class StorageCommand {

    private static final Option RECURSIVE =
            Option.flag("--recursive", "everything below a folder").orName("-r");
    private static final Option DELETE = Option.flag("--delete", "also delete what the source does not have");
    private static final Option ADDRESS = Option.argument("address", "such as s3://bucket/folder/name, or a path");
    private static final Option SOURCE = Option.argument("source", "an address, or a path");
    private static final Option TARGET =
            Option.argument("target", "an address, or a path; with a slash at its end, the folder to copy into");

    private final Supplier<Agent> agent;

    private StorageCommand(Supplier<Agent> agent) {
        this.agent = agent;
    }

    static Subcommand of(Supplier<Agent> agent) {
        StorageCommand command = new StorageCommand(agent);
        return Subcommand.group(
                "storage",
                "List, copy and check objects in the stores of artifacts: folders, the files server, S3 and others",
                List.of(
                        Subcommand.of("ls", "List a folder", List.of(RECURSIVE, ADDRESS), command::list),
                        Subcommand.of("stat", "Print what is known about an object", List.of(ADDRESS), command::stat),
                        Subcommand.of("cat", "Write an object to standard output", List.of(ADDRESS), command::cat),
                        Subcommand.of(
                                "cp",
                                "Copy an object or a file, up, down, or between two stores",
                                List.of(RECURSIVE, SOURCE, TARGET),
                                command::copy),
                        Subcommand.of(
                                "mv",
                                "Copy, then delete the source",
                                List.of(RECURSIVE, SOURCE, TARGET),
                                command::move),
                        Subcommand.of("rm", "Delete an object", List.of(RECURSIVE, ADDRESS), command::remove),
                        Subcommand.of(
                                "sync",
                                "Copy what a folder lacks, has with another size, or has older than the source",
                                List.of(DELETE, SOURCE, TARGET),
                                command::synchronise),
                        Subcommand.of(
                                "check",
                                "Write, read, list and delete a small object; says which step fails and why",
                                List.of(ADDRESS),
                                command::check)));
    }

    private int list(Invocation call) throws InterruptedException {
        StorageAddress folder = address(call, ADDRESS);
        boolean recursive = call.has(RECURSIVE.name());
        ObjectListing listing = recursive ? ObjectListing.below(folder) : ObjectListing.of(folder);
        boolean[] any = {false};
        storage().list(listing, page -> {
            page.folders().forEach(each -> call.out().printf("%12s  %20s  %s%n", "", "", relative(folder, each)));
            page.objects()
                    .forEach(each -> call.out()
                            .printf("%12d  %20s  %s%n", each.size(), time(each), relative(folder, each.address())));
            any[0] |= !page.objects().isEmpty() || !page.folders().isEmpty();
        });
        if (!any[0] && storage().stat(folder).isPresent()) {
            return stat(call);
        }
        return any[0] ? ExitCode.OK : nothing(call, folder);
    }

    private int stat(Invocation call) throws InterruptedException {
        StorageAddress address = address(call, ADDRESS);
        Optional<StoredObject> found = storage().stat(address);
        if (found.isEmpty()) {
            return nothing(call, address);
        }
        StoredObject object = found.get();
        call.out().println("address   " + object.address());
        call.out().println("size      " + (object.size() < 0 ? "unknown" : object.size()));
        call.out().println("modified  " + time(object));
        call.out().println("tag       " + object.entityTag());
        object.checksums().forEach(each -> call.out().println("checksum  " + each.algorithm() + " " + each.hex()));
        return ExitCode.OK;
    }

    private int cat(Invocation call) throws InterruptedException {
        call.out().flush();
        try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
            storage().copyTo(address(call, ADDRESS), bytes, TransferProgress.NONE);
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot write to standard output: " + e.getMessage(), e);
        }
        return ExitCode.OK;
    }

    private int copy(Invocation call) throws InterruptedException {
        StorageAddress source = address(call, SOURCE);
        StorageAddress target = address(call, TARGET);
        try (TransferLine line = new TransferLine(call.err())) {
            StorageTree tree = new StorageTree(storage(), line);
            if (call.has(RECURSIVE.name())) {
                requireAny(tree.copyAll(source, target), source);
            } else {
                tree.copy(source, target);
            }
        }
        return ExitCode.OK;
    }

    private int move(Invocation call) throws InterruptedException {
        copy(call);
        StorageAddress source = address(call, SOURCE);
        try (TransferLine line = new TransferLine(call.err())) {
            StorageTree tree = new StorageTree(storage(), line);
            if (call.has(RECURSIVE.name())) {
                tree.deleteAll(source);
            } else {
                tree.delete(source);
            }
        }
        return ExitCode.OK;
    }

    private int remove(Invocation call) throws InterruptedException {
        StorageAddress address = address(call, ADDRESS);
        try (TransferLine line = new TransferLine(call.err())) {
            StorageTree tree = new StorageTree(storage(), line);
            if (call.has(RECURSIVE.name())) {
                requireAny(tree.deleteAll(address), address);
            } else if (storage().stat(address).isPresent()) {
                tree.delete(address);
            } else {
                return nothing(call, address);
            }
        }
        return ExitCode.OK;
    }

    private int synchronise(Invocation call) throws InterruptedException {
        try (TransferLine line = new TransferLine(call.err())) {
            new StorageTree(storage(), line)
                    .synchronise(address(call, SOURCE), address(call, TARGET), call.has(DELETE.name()));
        }
        return ExitCode.OK;
    }

    private int check(Invocation call) throws InterruptedException {
        boolean passed = new StorageProbe(storage(), address(call, ADDRESS))
                .run(step -> call.out()
                        .println((step.passed() ? "ok      " : "FAILED  ")
                                + step.name()
                                + (step.passed()
                                        ? ""
                                        : ": " + agent.get().redactor().redact(step.failure()))));
        return passed ? ExitCode.OK : ExitCode.ERROR;
    }

    private Storage storage() {
        return agent.get().storage();
    }

    private static StorageAddress address(Invocation call, Option option) {
        String text = call.value(option.name()).orElse("");
        StorageAddress address = Storage.address(text);
        // a path is made absolute, which drops the slash that says that it is a folder
        return text.endsWith("/") && !address.key().endsWith("/") ? address.withKey(address.key() + "/") : address;
    }

    private static void requireAny(long count, StorageAddress folder) {
        if (count == 0) {
            throw new AgentException(ErrorCode.NOT_FOUND, "there is nothing below '" + folder + "'");
        }
    }

    private static int nothing(Invocation call, StorageAddress address) {
        call.err().println("clearml-agent: error: there is no '" + address + "'");
        return ExitCode.ERROR;
    }

    private static String relative(StorageAddress folder, StorageAddress entry) {
        return entry.key().substring(folder.folderKey().length());
    }

    private static String time(StoredObject object) {
        return object.modified().equals(Instant.EPOCH)
                ? "unknown"
                : object.modified().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
