package ${package};

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;

/** The file {@code <folder>/<host>} holds the token for a host. */
record TokenFiles(Path folder) implements VcsCredentialProvider {

    static final Setting<Path> FOLDER = Setting.of(
            "agent.${section}.folder",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.tokens"),
            "Folder with one file for each host, which holds the token for its repositories");

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) {
        Path file = folder.resolve(repository.host().toLowerCase(Locale.ROOT));
        if (!Files.isRegularFile(file)) {
            return List.of(); // the next provider is asked
        }
        try {
            return List.of(new VcsCredential.UserPassword("token", Secret.of(Files.readString(file).strip())));
        } catch (IOException e) {
            throw new AgentException(
                    ErrorCode.CREDENTIAL_STORE_UNAVAILABLE,
                    "the token file '" + file + "' cannot be read; check its permissions",
                    e);
        }
    }
}
