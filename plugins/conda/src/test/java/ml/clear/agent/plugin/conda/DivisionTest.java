// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.conda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ml.clear.agent.plugin.conda.CondaRequirement.Rule;
import ml.clear.agent.plugin.conda.CondaSources.Wanted;
import ml.clear.agent.plugin.conda.Division.Rules;
import ml.clear.agent.plugin.pythonsupport.Requirement;
import ml.clear.agent.plugin.pythonsupport.RequirementsFile;
import org.junit.jupiter.api.Test;

class DivisionTest {

    private static final Path ROOT = Path.of("/code");

    private static Rules rules(int cuda) {
        return new Rules(false, cuda, "", "3.11.*", Machine.markers("3.11.*"));
    }

    private static Division of(List<String> conda, List<String> pip, boolean strict, Rules rules) {
        return Division.of(
                new Wanted(
                        conda,
                        RequirementsFile.parse(pip, ROOT, "test"),
                        strict,
                        "test",
                        ROOT,
                        List.of(),
                        false,
                        Map.of()),
                rules);
    }

    private static Division ofPip(int cuda, String... lines) {
        return of(List.of(), List.of(lines), false, rules(cuda));
    }

    private static Division ofConda(List<String> conda, String... pip) {
        return of(conda, List.of(pip), false, rules(0));
    }

    private static List<String> firsts(Division division, Rule rule) {
        return division.conda().stream()
                .filter(wish -> wish.rule() == rule)
                .map(wish -> wish.first().toString())
                .toList();
    }

    private static List<String> pip(Division division) {
        return division.pip().requirements().stream().map(Requirement::text).toList();
    }

    @Test
    void thePackagesOfPipsListAreAskedForInChannelsFirst() {
        Division division = ofPip(0, "numpy==1.21.0", "scikit_learn>=1");

        assertThat(firsts(division, Rule.OR_PIP)).containsExactly("numpy ==1.21.0", "scikit-learn >=1");
        assertThat(division.conda().get(1).forms()).last().hasToString("scikit_learn >=1");
        assertThat(pip(division)).isEmpty();
    }

    @Test
    void eachSpellingOfANameIsAskedFor() {
        assertThat(ofPip(0, "Ruamel.Yaml>=0.17").conda().getFirst().forms().stream()
                        .map(CondaSpec::name))
                .containsExactly("ruamel-yaml", "ruamel.yaml", "ruamel_yaml");
    }

    @Test
    void whatNoChannelCanHaveIsPips() {
        Division division = ofPip(
                0,
                "git+https://git.invalid/a.git@main#egg=a",
                "./local",
                "-e .",
                "https://index.invalid/b-1.0-py3-none-any.whl",
                "uvicorn[standard]",
                "clearml==1.14",
                "clearml_sdk");

        assertThat(firsts(division, Rule.OR_PIP)).isEmpty();
        assertThat(pip(division)).hasSize(7);
    }

    @Test
    void clearmlComesFromAChannelOfThatName() {
        Division division = of(List.of(), List.of("clearml"), false, new Rules(true, 0, "", "", Map.of()));

        assertThat(firsts(division, Rule.OR_PIP)).containsExactly("clearml");
    }

    @Test
    void theTasksListForCondaIsNeverLeftToPip() {
        Division division = ofConda(List.of("numpy=1.21.0=py39_0"), "numpy==1.21.0", "six");

        assertThat(firsts(division, Rule.REQUIRED)).contains("numpy ==1.21.0 py39_0");
        assertThat(firsts(division, Rule.OR_PIP)).isEmpty();
        assertThat(division.conda().getFirst().forms()).last().hasToString("numpy ==1.21.0");
        assertThat(pip(division)).containsExactly("six");
    }

    @Test
    void repositoriesAndClearmlInTheListForCondaArePips() {
        Division division = ofConda(List.of("numpy", "clearml==1.14.1", "git+https://git.invalid/a.git@main"), "torch");

        assertThat(pip(division)).containsExactly("clearml==1.14.1", "git+https://git.invalid/a.git@main", "torch");
    }

    @Test
    void theVersionOfPythonComesFromTheListOrTheMachine() {
        assertThat(firsts(ofPip(0, "six"), Rule.REQUIRED)).containsExactly("python 3.11.*");
        assertThat(firsts(ofConda(List.of("python=3.9")), Rule.REQUIRED)).containsExactly("python 3.9.*");
    }

    @Test
    void conditionsOnTheMachineAreDecidedBefore() {
        Division division = ofPip(
                0,
                "six; python_version < '3.8'",
                "idna; sys_platform == 'linux'",
                "appnope; sys_platform == 'darwin'",
                "strange; no condition");

        assertThat(firsts(division, Rule.OR_PIP)).containsExactly("idna");
        assertThat(pip(division)).containsExactly("strange; no condition");
    }

    @Test
    void torchHasAnotherNameAndNeverABuildForTheCpuWhereThereIsCuda() {
        Division division = ofPip(124, "torch==2.3.1+cu121", "torchvision==0.18.1");

        assertThat(firsts(division, Rule.OR_PIP)).containsExactly("pytorch ==2.3.1 *cuda*", "torchvision ==0.18.1");
        assertThat(firsts(division, Rule.OPTIONAL)).contains("cuda-version <=12.4");
        assertThat(division.conda().get(0).group())
                .isEqualTo(division.conda().get(1).group());
    }

    @Test
    void theToolkitComesFromTheChannelsWhileTheyHaveOne() {
        assertThat(firsts(ofPip(112, "torch"), Rule.OPTIONAL)).contains("cudatoolkit ==11.2");
        assertThat(firsts(ofPip(112, "tensorflow"), Rule.OR_PIP)).containsExactly("tensorflow-gpu");
        assertThat(ofPip(112, "tensorflow").conda().getFirst().forms()).last().hasToString("tensorflow");
    }

    @Test
    void withoutCudaTheBuildForTheCpuIsAskedFor() {
        Division division = ofPip(0, "torch", "tensorflow-gpu==2.4");

        assertThat(firsts(division, Rule.OR_PIP)).containsExactly("pytorch", "tensorflow ==2.4");
        assertThat(firsts(division, Rule.OPTIONAL)).contains("cpuonly").doesNotContain("cudatoolkit");
    }

    @Test
    void toolkitsOfTheMachineThatRecordedTheListAreLeftOutWhereTheyDoNotFit() {
        assertThat(ofConda(List.of("cudatoolkit=11.2", "cudnn=8.1")).notes())
                .containsExactly(
                        "'cudatoolkit 11.2.*' is left out, since this machine has no CUDA",
                        "'cudnn 8.1.*' is left to the solver, which brings the one that other packages need");
        assertThat(firsts(of(List.of("cudatoolkit=11.2"), List.of(), false, rules(124)), Rule.REQUIRED))
                .contains("cudatoolkit 11.2.*");
        assertThat(of(List.of("cudatoolkit=12.1"), List.of(), false, rules(118)).notes())
                .containsExactly("'cudatoolkit 12.1.*' is left out, since this machine has CUDA 11.8");
    }

    @Test
    void theConfiguredVersionOfCudnnComesWithPackagesThatComputeOnAGpu() {
        Map<String, String> markers = Machine.markers("3.11.*");
        Rules gpu = new Rules(false, 118, Machine.cudnn("8.9.2"), "3.11.*", markers);
        Rules noGpu = new Rules(false, 0, Machine.cudnn("8.9.2"), "3.11.*", markers);

        assertThat(firsts(of(List.of(), List.of("torch"), false, gpu), Rule.OPTIONAL))
                .contains("cudnn 8.9.*");
        assertThat(firsts(of(List.of(), List.of("tensorflow"), false, gpu), Rule.OPTIONAL))
                .contains("cudnn 8.9.*");
        assertThat(firsts(of(List.of(), List.of("numpy"), false, gpu), Rule.OPTIONAL))
                .doesNotContain("cudnn 8.9.*");
        assertThat(firsts(of(List.of(), List.of("torch"), false, noGpu), Rule.OPTIONAL))
                .doesNotContain("cudnn 8.9.*");
        assertThat(Machine.cudnn("81")).isEqualTo("8.1.*");
        assertThat(Machine.cudnn("9")).isEqualTo("9.*");
    }

    @Test
    void matplotlibBringsWhatThePythonAgentAddsWhereTheChannelsHaveIt() {
        assertThat(firsts(ofPip(0, "matplotlib"), Rule.OPTIONAL)).contains("graphviz", "python-graphviz", "kiwisolver");
    }

    @Test
    void aFileOfAnEnvironmentMeansWhatItSays() {
        Division division = of(List.of("cudnn=8.1", "torch"), List.of("numpy==1.0"), true, rules(0));

        assertThat(firsts(division, Rule.REQUIRED)).contains("cudnn 8.1.*", "torch");
        assertThat(pip(division)).containsExactly("numpy==1.0");
        assertThat(division.notes()).isEmpty();
    }

    @Test
    void severalLinesAboutOnePackageAreOneCondition() {
        Division division = ofPip(0, "numpy>=1.20", "numpy<2");

        assertThat(firsts(division, Rule.OR_PIP)).containsExactly("numpy >=1.20,<2");
        assertThat(division.conda().getFirst().requirements()).hasSize(2);
    }

    @Test
    void aLineThatCondaCannotReadIsNamed() {
        assertThatThrownBy(() -> ofConda(List.of("numpy=1=2=3")))
                .hasMessage("'numpy=1=2=3' of test is no dependency that conda reads; write it as name=version");
    }
}
