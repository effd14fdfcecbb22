// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcsgit;

import java.nio.file.Path;
import java.util.Map;
import ml.clear.agent.api.vcs.VersionControl;
import ml.clear.agent.testkit.VersionControlContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class GitVersionControlIT extends VersionControlContract {

    @TempDir
    private Path own;

    private VersionControl git;

    @BeforeEach
    void start() throws Exception {
        Git.require();
        git = new GitVersionControl(GitContext.in(own));
    }

    @Override
    protected String system() {
        return "git";
    }

    @Override
    protected VersionControl versionControl() {
        return git;
    }

    @Override
    protected String newRepository(Path place) throws Exception {
        return Git.init(place).folder().toString();
    }

    @Override
    protected String commit(String repository, Map<String, String> files) throws Exception {
        Git origin = new Git(Path.of(repository));
        for (Map.Entry<String, String> file : files.entrySet()) {
            origin.write(file.getKey(), file.getValue());
        }
        return origin.commit();
    }

    @Override
    protected void branch(String repository, String name) throws Exception {
        new Git(Path.of(repository)).run("branch", name);
    }

    @Override
    protected void tag(String repository, String name) throws Exception {
        new Git(Path.of(repository)).run("tag", "-a", "-m", "tag", name);
    }

    @Override
    protected String patch(String path, String oldLine, String newLine) {
        return """
                diff --git a/%1$s b/%1$s
                --- a/%1$s
                +++ b/%1$s
                @@ -1 +1 @@
                -%2$s
                +%3$s
                """.formatted(path, oldLine, newLine);
    }
}
