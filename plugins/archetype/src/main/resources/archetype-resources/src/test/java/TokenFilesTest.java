package ${package};

import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.vcs.RepositoryAddress;
import ml.clear.agent.api.vcs.VcsCredentialProvider;
import ml.clear.agent.testkit.VcsCredentialProviderContract;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a provider of credentials must do; add what is special about this one. */
class TokenFilesTest extends VcsCredentialProviderContract {

    @TempDir
    Path folder;

    @Override
    protected VcsCredentialProvider provider() throws Exception {
        Files.writeString(folder.resolve("git.example.com"), secret() + "\n");
        return new TokenFiles(folder);
    }

    @Override
    protected RepositoryAddress known() {
        return RepositoryAddress.parse("https://git.example.com/team/code.git");
    }

    @Override
    protected String secret() {
        return "t0ken-for-a-test";
    }
}
