package com.acme.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;

/** One page of a folder, in the order of the keys: the continuation is the last key of the page before. */
final class FolderPage {

    /** How the names of files begin that are being written. */
    static final String BESIDE = ".acme-sftp-";

    private final SftpClient sftp;
    private final ObjectListing listing;
    private final List<StoredObject> objects = new ArrayList<>();
    private final List<StorageAddress> folders = new ArrayList<>();
    private String last = "";
    private boolean full;

    FolderPage(SftpClient sftp, ObjectListing listing) {
        this.sftp = sftp;
        this.listing = listing;
    }

    ObjectPage read() throws IOException {
        walk("/" + listing.folder().folderKey(), "");
        return new ObjectPage(objects, folders, full ? last : "");
    }

    /** @param prefix the key of the folder, relative to the listed one, with a slash at its end */
    private void walk(String folder, String prefix) throws IOException {
        for (Map.Entry<String, Attributes> entry : entries(folder, prefix).entrySet()) {
            String key = entry.getKey();
            boolean before = key.compareTo(listing.continuation()) <= 0;
            if (entry.getValue().isDirectory() && listing.recursive()) {
                if (!before || listing.continuation().startsWith(key)) {
                    walk(folder + key.substring(prefix.length()), key);
                }
            } else if (!before) {
                add(key, entry.getValue());
            }
            if (full) {
                return;
            }
        }
    }

    private void add(String key, Attributes facts) {
        if (objects.size() + folders.size() == listing.limit()) {
            full = true;
            return;
        }
        StorageAddress address = listing.folder().resolve(key);
        if (facts.isDirectory()) {
            folders.add(address);
        } else {
            objects.add(SftpStorage.describe(address, facts));
        }
        last = key;
    }

    /** Files and folders by their keys, in order; the key of a folder ends with a slash. Links are left out. */
    private TreeMap<String, Attributes> entries(String folder, String prefix) throws IOException {
        TreeMap<String, Attributes> entries = new TreeMap<>();
        try (CloseableHandle open = sftp.openDir(folder)) {
            for (List<DirEntry> some = sftp.readDir(open); some != null; some = sftp.readDir(open)) {
                for (DirEntry entry : some) {
                    put(entries, prefix, entry);
                }
            }
        } catch (IOException e) {
            if (!SftpFailure.isMissing(e)) { // a folder that does not exist holds nothing
                throw e;
            }
        }
        return entries;
    }

    private static void put(Map<String, Attributes> entries, String prefix, DirEntry entry) {
        String name = entry.getFilename();
        Attributes facts = entry.getAttributes();
        if (name.equals(".") || name.equals("..") || name.startsWith(BESIDE)) {
            return;
        }
        if (facts.isDirectory()) {
            entries.put(prefix + name + "/", facts);
        } else if (facts.isRegularFile()) {
            entries.put(prefix + name, facts);
        }
    }
}
