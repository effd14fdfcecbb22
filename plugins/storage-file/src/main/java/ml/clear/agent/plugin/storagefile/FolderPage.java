// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.storagefile;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import ml.clear.agent.api.storage.ObjectListing;
import ml.clear.agent.api.storage.ObjectPage;
import ml.clear.agent.api.storage.StorageAddress;
import ml.clear.agent.api.storage.StoredObject;

/**
 * One page of a folder, in the order of the keys. A page begins behind the last key of the one before, and folders that lie
 * before it are not entered, so that a page costs no more than the folders on its way. Links to folders are not followed.
 */
final class FolderPage {

    private final ObjectListing listing;
    private final List<StoredObject> objects = new ArrayList<>();
    private final List<StorageAddress> folders = new ArrayList<>();
    private String last = "";
    private boolean full;

    FolderPage(ObjectListing listing) {
        this.listing = listing;
    }

    ObjectPage read() throws IOException {
        walk(FileAddresses.path(listing.folder()), "");
        return new ObjectPage(objects, folders, full ? last : "");
    }

    /** @param prefix the key of the folder, relative to the listed one, with a slash at its end */
    private void walk(Path folder, String prefix) throws IOException {
        for (Entry entry : entries(folder, prefix)) {
            boolean before = entry.key().compareTo(listing.continuation()) <= 0;
            if (entry.isFolder() && listing.recursive()) {
                if (!before || listing.continuation().startsWith(entry.key())) {
                    walk(entry.path(), entry.key());
                }
            } else if (!before) {
                add(entry);
            }
            if (full) {
                return;
            }
        }
    }

    private void add(Entry entry) throws IOException {
        if (objects.size() + folders.size() == listing.limit()) {
            full = true;
            return;
        }
        StorageAddress address = listing.folder().resolve(entry.key());
        if (entry.isFolder()) {
            folders.add(address);
        } else {
            try {
                objects.add(FileAddresses.describe(address, entry.path()));
            } catch (NoSuchFileException e) {
                return; // deleted meanwhile
            }
        }
        last = entry.key();
    }

    private static List<Entry> entries(Path folder, String prefix) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                String name = String.valueOf(child.getFileName());
                if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    entries.add(new Entry(prefix + name + "/", child));
                } else if (Files.isRegularFile(child) && !FileAddresses.isUnfinished(name)) {
                    entries.add(new Entry(prefix + name, child));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        entries.sort(Comparator.comparing(Entry::key));
        return entries;
    }

    /** @param key relative to the listed folder; that of a folder ends with a slash */
    private record Entry(String key, Path path) {

        boolean isFolder() {
            return key.endsWith("/");
        }
    }
}
