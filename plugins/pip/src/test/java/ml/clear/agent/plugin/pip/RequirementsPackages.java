// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.testkit.ProcessCommandRunner;
import ml.clear.agent.testkit.PythonSources;
import ml.clear.agent.testkit.PythonWheel;

/**
 * What {@code requirements-files.txt} requires: small packages with the names, versions and needs of real ones, and a repository of
 * sources.
 *
 * @param folder holds {@code wheels} and {@code repositories}
 * @param commit the commit of the repository that has the tag {@code v1}
 */
record RequirementsPackages(Path folder, String commit) {

    private static final Pattern DIGEST = Pattern.compile("\\{sha:([^}]+)}");

    /** Packages, a line each: name, version, needs. */
    private static final String PACKAGES = """
            alpha 1.0
            alpha 2.0
            beta 1.0
            beta 2.0
            black 24.2.0 click pathspec
            certifi 2024.2.2
            charset_normalizer 3.3.2
            clearml 1.15.0 requests PyYAML
            clearml 1.16.0 requests PyYAML
            click 8.1.7
            colorama 0.4.6
            cython 3.0.8
            delta 1!2.0
            delta 3.0
            epsilon 1.0
            epsilon 1.0.post1
            gamma 3.0
            gamma 4.0rc1
            horovod 0.28.1 cloudpickle
            cloudpickle 3.0.0
            idna 2.10
            idna 3.6
            joblib 1.3.2
            matplotlib 3.8.2 numpy<2,>=1.21
            numpy 1.24.4
            numpy 1.26.4
            numpy 2.1.0
            pandas 1.5.3 numpy<2,>=1.20.3
            pandas 2.2.2 numpy>=1.22.4
            pathspec 0.12.1
            pygobject 3.46.0
            pyopenssl 24.0.0
            pysocks 1.7.1
            pytest 8.0.0
            PyYAML 6.0.1
            requests 2.31.0 certifi>=2017.4.17 charset-normalizer<4,>=2 idna<4,>=2.5 urllib3<3,>=1.21.1 \
            PySocks!=1.5.7,>=1.5.6;extra=='socks' pyOpenSSL>=0.14;extra=='security'
            requests 2.32.3 certifi>=2017.4.17 charset-normalizer<4,>=2 idna<4,>=2.5 urllib3<3,>=1.21.1 \
            PySocks!=1.5.7,>=1.5.6;extra=='socks'
            scikit_learn 1.4.2 numpy>=1.19.5 scipy>=1.6.0 joblib>=1.2.0 threadpoolctl>=2.0.0
            scipy 1.11.4 numpy<1.28.0,>=1.21.6
            scipy 1.12.0 numpy<1.29.0,>=1.22.4
            setuptools 69.0.3
            six 1.16.0
            tensorboard 2.16.2 numpy>=1.12.0 six>1.9
            threadpoolctl 3.2.0
            tomli 2.0.1
            tqdm 4.66.2
            typing_extensions 4.9.0
            urllib3 2.2.1
            zeta 1.0
            zeta 1.0+local.1
            """;

    /** Write them into a folder. */
    static RequirementsPackages writeTo(Path folder) throws IOException, InterruptedException {
        Path wheels = folder.resolve("wheels");
        for (String line : PACKAGES.lines().toList()) {
            String[] words = line.split(" ", -1);
            new PythonWheel(words[0], words[1], List.of(words).subList(2, words.length)).writeTo(wheels);
        }
        Path tool = Files.createDirectories(folder.resolve("repositories/tool.git"));
        git(tool, "init", "--quiet", "--initial-branch=main");
        PythonSources.of("tool").writeTo(tool);
        git(tool, "add", ".");
        git(tool, "commit", "--quiet", "--message", "First");
        git(tool, "tag", "v1");
        String commit = git(tool, "rev-parse", "HEAD");
        PythonSources.of("below").writeTo(tool.resolve("below"));
        git(tool, "add", ".");
        git(tool, "commit", "--quiet", "--message", "Second");
        return new RequirementsPackages(folder, commit);
    }

    Path wheels() {
        return folder.resolve("wheels");
    }

    /** Variables under which pip and git ask nothing but these packages. */
    Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(PipPackageManagerIT.only(wheels()));
        variables.put("GIT_CONFIG_COUNT", "1");
        variables.put(
                "GIT_CONFIG_KEY_0", "url." + folder.resolve("repositories").toUri() + ".insteadOf");
        variables.put("GIT_CONFIG_VALUE_0", "https://git.invalid/");
        return variables;
    }

    /** Fill the root of a repository of a task, beside its requirements file. */
    void writeSources(Path root) {
        PythonSources.of("own").writeTo(root);
        PythonSources.of("local").writeTo(root.resolve("local"));
        PythonWheel.of("theta", "1.0").writeTo(root.resolve("offered"));
    }

    /** A text of a file with its placeholders replaced. */
    String filled(String text, Path root) {
        return DIGEST.matcher(text)
                .replaceAll(file -> digest(wheels().resolve(file.group(1))))
                .replace("{root}", root.toString())
                .replace("{commit}", commit);
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String git(Path folder, String... arguments) throws InterruptedException {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.put("GIT_CONFIG_GLOBAL", "/dev/null");
        return new ProcessCommandRunner(variables)
                .run(Command.of("git", "-c", "user.name=test", "-c", "user.email=test@example.com")
                        .arguments(List.of(arguments))
                        .directory(folder)
                        .build())
                .output()
                .strip();
    }
}
