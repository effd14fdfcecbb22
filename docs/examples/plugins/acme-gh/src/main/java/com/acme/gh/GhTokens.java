package com.acme.gh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.secret.Secret;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredential;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file in which {@code gh auth login} keeps its tokens, one for each host. It is read at each look-up, so that a new login
 * needs no restart of the agent.
 */
record GhTokens(Path file) implements VcsCredentialProvider {

    static final Setting<Path> FILE = Setting.of(
            "agent.acme_gh.file",
            ValueTypes.PATH,
            ValueTypes.PATH.parse("~/.config/gh/hosts.yml"),
            "File in which the command gh keeps its tokens");

    @Override
    public List<VcsCredential> lookUp(RepositoryAddress repository) {
        if (repository.scheme().equals("ssh")) {
            return List.of(); // keys open these
        }
        return token(repository.host())
                .<VcsCredential>map(token -> new VcsCredential.UserPassword("x-access-token", token))
                .stream()
                .toList();
    }

    private Optional<Secret> token(String host) {
        try (InputStream content = Files.newInputStream(file)) {
            Object hosts = new Load(LoadSettings.builder().build()).loadFromInputStream(content);
            return hosts instanceof Map<?, ?> all
                            && all.get(host.toLowerCase(Locale.ROOT)) instanceof Map<?, ?> facts
                            && facts.get("oauth_token") instanceof String token
                    ? Optional.of(Secret.of(token))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty(); // gh has no login here
        } catch (IOException | YamlEngineException e) {
            // the message of the parser quotes the file, so it is left out
            throw new AgentException(
                    ErrorCode.CREDENTIAL_STORE_UNAVAILABLE,
                    "'" + file + "' cannot be read as YAML; check its permissions, and repair it with 'gh auth login'");
        }
    }
}
