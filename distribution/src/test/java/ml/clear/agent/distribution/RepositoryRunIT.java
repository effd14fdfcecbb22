// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A script in a working copy: the task is of its repository, and runs from there. */
@Tag("thorough")
class RepositoryRunIT {

    @TempDir
    private Path folder;

    @Test
    void scriptRunsFromTheRepositoryWithUncommittedChanges() throws IOException {
        Repository repository = Repository.in(folder);

        try (AgentHome home = AgentHome.emptyIn(folder, Installation.shared())) {
            Shell.Finished finished = home.run(
                    "run",
                    repository.script().toString(),
                    "--",
                    "--name",
                    "two words",
                    "it's",
                    "say \"hi\"",
                    "",
                    "$HOME");

            assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
            assertThat(finished.out())
                    .contains(
                            "\nsteps 4\n",
                            "\narguments [\"--name\", \"two words\", \"it's\", \"say \\\"hi\\\"\", \"\", \"$HOME\"]\n",
                            "\nin a repository True training\n");
            JsonNode script = home.server().lastTask().get("script");
            assertThat(script.get("repository").asString())
                    .isEqualTo(repository.bare().toString());
            assertThat(script.get("branch").asString()).isEqualTo("trunk");
            assertThat(script.get("version_num").asString()).isEqualTo(repository.commit());
            assertThat(script.get("working_dir").asString()).isEqualTo("training");
            assertThat(script.get("entry_point").asString())
                    .isEqualTo("train.py --name 'two words' 'it'\\''s' 'say \"hi\"' '' '$''HOME'");
            assertThat(script.get("diff").asString())
                    .contains("training/steps.py", "-STEPS = 3\n", "+STEPS = 4  # to be tried\n");
        }
    }

    /** The shell writes the names, since the locale of this test decides which ones Java could pass on. */
    @Test
    void aScriptWhoseNameIsNotAsciiRunsUnderALocaleThatIsNotInstalledAndSeesTheUsersOwn() throws IOException {
        Repository repository = Repository.in(folder);
        Path commands = Files.writeString(folder.resolve("commands.sh"), """
                set -e
                git clone -q "$2" clone
                mkdir -p 'clone/größe'
                cd 'clone/größe'
                printf '%s\\n' 'import os' 'print("locale", os.environ.get("LC_ALL"), ascii(os.listdir(".")))' >'läuft é.py'
                git add .
                git -c user.name=test -c user.email=test@example.com commit -qm 'Add läuft é'
                git push -q origin HEAD
                LC_ALL=xx_YY.UTF-8
                export LC_ALL
                exec "$1" run 'läuft é.py'
                """);

        try (AgentHome home = AgentHome.emptyIn(folder, Installation.shared())) {
            String launcher = home.command().getFirst();
            Shell.Finished finished = home.shell()
                    .run("sh", commands.toString(), launcher, repository.bare().toString());

            assertThat(finished.status()).as(finished.out() + finished.err()).isZero();
            assertThat(finished.out()).contains("\nlocale xx_YY.UTF-8 ['l\\xe4uft \\xe9.py']\n");
            JsonNode script = home.server().lastTask().get("script");
            assertThat(script.get("working_dir").asString()).isEqualTo("größe");
            assertThat(script.get("entry_point").asString()).isEqualTo("'läuft é.py'");
        }
    }
}
