package com.acme.sftp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.storage.ByteRange;
import ml.clear.agent.api.storage.ObjectContent;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.ObjectSource;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StorageBackend;
import ml.clear.agent.api.storage.StorageCapability;
import ml.clear.agent.api.storage.StoredObject;
import ml.clear.agent.api.storage.WriteCondition;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;

/**
 * {@code sftp://user@host:port/a/b} is the file {@code /a/b} of a server. A file is written beside its place and renamed by
 * OpenSSH's {@code posix-rename}, which replaces atomically; SFTP's own rename does not replace. SFTP cannot compare before it
 * replaces, so there are no conditions.
 */
final class SftpStorage implements StorageBackend {

    private static final int BUFFER = 1 << 17;

    private final Connections connections;

    SftpStorage(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Set<StorageCapability> capabilities(StorageAddress place) {
        return EnumSet.complementOf(EnumSet.of(StorageCapability.CONDITIONS));
    }

    @Override
    public Optional<StoredObject> stat(StorageAddress object) throws InterruptedException {
        return call(
                "read",
                object,
                sftp -> attributes(sftp, object)
                        .filter(Attributes::isRegularFile)
                        .map(facts -> describe(object, facts)));
    }

    @Override
    public ObjectPage list(ObjectListing listing) throws InterruptedException {
        return call("list", listing.folder(), sftp -> new FolderPage(sftp, listing).read());
    }

    @Override
    public ObjectContent read(StorageAddress object, ByteRange range) throws InterruptedException {
        return call("read", object, sftp -> {
            CloseableHandle handle = sftp.open(path(object), OpenMode.Read);
            try {
                Attributes facts = sftp.stat(handle); // of this very file, whatever replaces it meanwhile
                if (!facts.isRegularFile()) {
                    throw new AgentException(ErrorCode.NOT_FOUND, "'" + object + "' is a folder; name a file in it");
                }
                return new ObjectContent(
                        describe(object, facts),
                        new BufferedInputStream(new RemoteStream(sftp, handle, range), BUFFER));
            } catch (IOException | AgentException e) {
                handle.close();
                throw e;
            }
        });
    }

    @Override
    public StoredObject write(StorageAddress target, ObjectSource content, WriteCondition condition)
            throws InterruptedException {
        if (!condition.equals(WriteCondition.NONE)) {
            throw new AgentException(
                    ErrorCode.STORAGE_FAILED,
                    "'" + target + "' cannot be written under a condition; SFTP has none, use another store");
        }
        return call("write", target, sftp -> {
            OpenSSHPosixRenameExtension rename = sftp.getExtension(OpenSSHPosixRenameExtension.class);
            if (rename == null || !rename.isSupported()) {
                throw new AgentException(
                        ErrorCode.STORAGE_FAILED,
                        "the server of '" + target + "' cannot replace files atomically (posix-rename@openssh.com); use"
                                + " OpenSSH's server");
            }
            String file = path(target);
            String folder = file.substring(0, file.lastIndexOf('/'));
            makeFolders(sftp, folder);
            String beside = folder + "/" + FolderPage.BESIDE + UUID.randomUUID();
            try {
                send(sftp, content, beside);
                makeNewer(sftp, beside, target);
                rename.posixRename(beside, file);
            } catch (IOException | AgentException e) {
                remove(sftp, beside);
                throw e;
            }
            return describe(target, sftp.stat(file));
        });
    }

    private static void send(SftpClient sftp, ObjectSource content, String file) throws IOException {
        try (InputStream in = content.open();
                OutputStream out = sftp.write(file, OpenMode.Write, OpenMode.Create, OpenMode.Exclusive)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        }
        long stored = sftp.stat(file).getSize();
        if (stored != content.size()) {
            throw new AgentException(
                    ErrorCode.DAMAGED, "the server stored " + stored + " of " + content.size() + " bytes; try again");
        }
    }

    /**
     * Times of SFTP are whole seconds. A file that replaces one of the same second gets the next second, so that the entity
     * tag, made of size and time, changes.
     */
    private static void makeNewer(SftpClient sftp, String beside, StorageAddress target) throws IOException {
        Optional<Attributes> old = attributes(sftp, target);
        if (old.isPresent()) {
            Instant last = old.get().getModifyTime().toInstant();
            if (!sftp.stat(beside).getModifyTime().toInstant().isAfter(last)) {
                FileTime next = FileTime.from(last.plusSeconds(1));
                sftp.setStat(beside, new Attributes().accessTime(next).modifyTime(next));
            }
        }
    }

    @Override
    public void delete(StorageAddress object) throws InterruptedException {
        call("delete", object, sftp -> {
            if (attributes(sftp, object).filter(facts -> !facts.isDirectory()).isPresent()) {
                try {
                    sftp.remove(path(object));
                } catch (IOException e) {
                    if (!SftpFailure.isMissing(e)) { // another process may have deleted it
                        throw e;
                    }
                }
            }
            return object;
        });
    }

    @Override
    public void close() {
        connections.close();
    }

    private <T> T call(String action, StorageAddress object, Operation<T> operation) throws InterruptedException {
        try {
            return operation.run(connections.to(object));
        } catch (InterruptedIOException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted in an attempt to " + action + " '" + object + "'");
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted in an attempt to " + action + " '" + object + "'");
            }
            throw SftpFailure.of(action, object, e);
        }
    }

    private static String path(StorageAddress address) {
        return "/" + address.key();
    }

    private static Optional<Attributes> attributes(SftpClient sftp, StorageAddress object) throws IOException {
        try {
            return Optional.of(sftp.stat(path(object)));
        } catch (IOException e) {
            if (SftpFailure.isMissing(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    static StoredObject describe(StorageAddress object, Attributes facts) {
        Instant modified = facts.getModifyTime().toInstant();
        String tag = facts.getSize() + "-" + modified.getEpochSecond();
        return new StoredObject(object, facts.getSize(), modified, tag);
    }

    private static void makeFolders(SftpClient sftp, String folder) throws IOException {
        if (folder.isEmpty()) {
            return;
        }
        try {
            sftp.stat(folder);
        } catch (IOException e) {
            if (!SftpFailure.isMissing(e)) {
                throw e;
            }
            makeFolders(sftp, folder.substring(0, folder.lastIndexOf('/')));
            try {
                sftp.mkdir(folder);
            } catch (IOException raced) {
                sftp.stat(folder); // fails when another writer has not made it either
            }
        }
    }

    /** Removes what was not finished, also for a thread that was interrupted. */
    private static void remove(SftpClient sftp, String beside) {
        boolean interrupted = Thread.interrupted();
        try {
            sftp.remove(beside);
        } catch (IOException e) {
            // it was not made, or the connection is lost; lists leave it out
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What is done on a server. */
    @FunctionalInterface
    private interface Operation<T> {
        T run(SftpClient sftp) throws IOException, InterruptedException;
    }
}
