// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The files of this server as documents name them: by addresses.
 *
 * @param tree the files
 * @param port the port of this server
 */
record OwnFiles(FileTree tree, int port) {

    private static final System.Logger LOG = System.getLogger(OwnFiles.class.getName());
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /**
     * Delete the file that an address names.
     *
     * @param origin the caller, under whose name for this server addresses may be stored
     * @return false when the address is not one of this server, or there is no such file
     */
    boolean delete(String address, Call.Origin origin) {
        Optional<Path> file = locate(address, origin);
        try {
            return file.isPresent() && tree.deleteTree(file.get());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot delete the file '" + file.get() + "'", e);
            return false;
        }
    }

    private Optional<Path> locate(String address, Call.Origin origin) {
        try {
            URI uri = new URI(address);
            String path = uri.getRawPath();
            if (path == null || !path.startsWith(FilesHandler.PREFIX + "/") || !names(uri, origin)) {
                return Optional.empty();
            }
            return tree.file(Percent.decode(path.substring(FilesHandler.PREFIX.length())));
        } catch (URISyntaxException e) {
            return Optional.empty(); // not an address that a client of this server stored
        }
    }

    private boolean names(URI uri, Call.Origin origin) {
        if (uri.getHost() == null || uri.getRawAuthority() == null) {
            return false;
        }
        return uri.getRawAuthority().equalsIgnoreCase(origin.host())
                || (LOOPBACK.contains(uri.getHost()) && uri.getPort() == port);
    }
}
