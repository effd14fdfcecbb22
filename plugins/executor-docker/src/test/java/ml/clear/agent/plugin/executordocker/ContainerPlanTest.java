// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.executordocker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ml.clear.agent.api.config.ShellWords;
import ml.clear.agent.api.execution.AttemptId;
import ml.clear.agent.api.execution.ExecutionRequest;
import ml.clear.agent.api.execution.KeptImage;
import ml.clear.agent.api.execution.Resources;
import ml.clear.agent.api.execution.SharedPath;
import ml.clear.agent.api.task.TaskId;
import ml.clear.agent.testkit.TestSettings;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The request to the engine, where no engine with such devices is. */
class ContainerPlanTest {

    private static final List<SharedPath> SHARED = Stream.of("/shared/a", "/shared/b", "/shared/c")
            .map(path -> new SharedPath(Path.of(path), SharedPath.Access.READ))
            .toList();
    private static final GpuAccess NO_DRIVER = new GpuAccess(false, List.of());
    private static final GpuAccess NVIDIA = new GpuAccess(true, List.of());
    private static final GpuAccess AMD = new GpuAccess(false, List.of("/dev/dri/renderD128", "/dev/dri/renderD129"));

    @Test
    void gpusAreRequestedAsTheEngineTakesThem() {
        assertThat(requests(NVIDIA, "", "")).isEqualTo("[{\"Count\":-1,\"Capabilities\":[[\"gpu\"]]}]");
        assertThat(requests(NO_DRIVER, "all", "")).isEqualTo("[{\"Count\":-1,\"Capabilities\":[[\"gpu\"]]}]");
        assertThat(requests(NO_DRIVER, "0,1", ""))
                .isEqualTo("[{\"DeviceIDs\":[\"0\",\"1\"],\"Capabilities\":[[\"gpu\"]]}]");
        assertThat(requests(NVIDIA, "0.1", "")).isEqualTo("[{\"DeviceIDs\":[\"0:1\"],\"Capabilities\":[[\"gpu\"]]}]");
        assertThat(requests(NVIDIA, "MIG-af5c", "")).contains("\"MIG-af5c\"");
        assertThat(requests(NVIDIA, "0", "--gpus 2")).isEqualTo("[{\"Count\":2,\"Capabilities\":[[\"gpu\"]]}]");
        assertThat(requests(NVIDIA, "none", "--device nvidia.com/gpu=0"))
                .isEqualTo("[{\"Driver\":\"cdi\",\"DeviceIDs\":[\"nvidia.com/gpu=0\"]}]");
        assertThat(requests(NO_DRIVER, "", "")).isEmpty();
        assertThat(requests(NVIDIA, "none", "")).isEmpty();
    }

    @Test
    void devicesOfAmdAreMounted() {
        JsonNode all = body(AMD, "", "").path("HostConfig");
        assertThat(all.path("Devices").toString()).contains("/dev/kfd", "renderD128", "renderD129");
        assertThat(all.path("GroupAdd").toString()).isEqualTo("[\"video\"]");
        JsonNode second = body(AMD, "1", "");
        assertThat(second.path("HostConfig").path("Devices").toString()).doesNotContain("renderD128");
        assertThat(second.path("Env").toString()).contains("HIP_VISIBLE_DEVICES=1", "ROCR_VISIBLE_DEVICES=1");
    }

    @Test
    void aMachineMayOnlyTellTheContainerByAVariable() {
        JsonNode body = body(NVIDIA, "0:1", "", Map.of("CLEARML_DOCKER_SKIP_GPUS_FLAG", "1"));

        assertThat(body.path("HostConfig").has("DeviceRequests")).isFalse();
        assertThat(body.path("Env").toString()).contains("NVIDIA_VISIBLE_DEVICES=0.1");
    }

    @Test
    void aServerOnLoopbackIsReachedThroughTheNetworkOfTheMachine() {
        assertThat(body(NO_DRIVER, "", "")
                        .path("HostConfig")
                        .path("NetworkMode")
                        .asString())
                .isEqualTo("host");
        assertThat(body(NO_DRIVER, "", "--network other")
                        .path("HostConfig")
                        .path("NetworkMode")
                        .asString())
                .isEqualTo("other");
    }

    @Test
    void environmentsInContainersSeeThePackagesOfTheImageUnlessThatIsTurnedOff() {
        String variable = "CLEARML_AGENT__AGENT__PACKAGE_MANAGER__SYSTEM_SITE_PACKAGES=true";

        assertThat(body(NO_DRIVER, "", "").path("Env").toString()).contains(variable);
        assertThat(body(NO_DRIVER, "", "", Map.of("CLEARML_AGENT_FORCE_SYSTEM_SITE_PACKAGES", "0"))
                        .path("Env")
                        .toString())
                .doesNotContain("SYSTEM_SITE_PACKAGES");
    }

    @Test
    void aContainerThatPublishesPortsKnowsTheAddressOfTheMachine() {
        assertThat(body(NO_DRIVER, "", "-p 8080:80").path("Env").toString())
                .contains("CLEARML_AGENT_HOST_IP=192.0.2.7");
        assertThat(body(NO_DRIVER, "", "").path("Env").toString()).doesNotContain("CLEARML_AGENT_HOST_IP");
    }

    @Test
    void anImageThatIsKeptHasNoVariablesOrLabelsOfTheAgent() {
        ExecutionRequest request = ExecutionRequest.builder(
                        new AttemptId("a1"), new TaskId("0123456789abcdef0123456789abcdef"), Path.of("/executions/x"))
                .environment(Map.of("CLEARML_API_HOST", "http://192.0.2.1", "COLOUR", "red"))
                .image(new KeptImage("kept", List.of(), Map.of()))
                .build();
        TestSettings settings = TestSettings.defaults();

        ContainerPlan.Description description = new ContainerPlan(settings, Map.of(), NO_DRIVER, () -> "")
                .description(
                        request,
                        "image",
                        RunArguments.parse(List.of("-e", "COLOUR=blue"), "the test"),
                        new Mounts(settings, Map.of()));

        assertThat(description.body().get("Env")).isEqualTo(List.of("COLOUR=blue"));
        assertThat(description.body().get("Labels")).isEqualTo(Map.of());
        assertThat(description.variables())
                .containsEntry("CLEARML_API_HOST", "http://192.0.2.1")
                .doesNotContainKey("COLOUR");
    }

    @Test
    void whatArgumentsMountStandsAboveWhatTheAgentMounts() {
        JsonNode binds = body(NO_DRIVER, "", "-v /own:/shared/a:ro --mount type=tmpfs,dst=/shared/b")
                .path("HostConfig")
                .path("Binds");

        assertThat(binds.valueStream().map(JsonNode::asString))
                .containsExactly("/own:/shared/a:ro", "/shared/c:/shared/c:ro");
    }

    private static String requests(GpuAccess access, String gpus, String arguments) {
        JsonNode requests = body(access, gpus, arguments).path("HostConfig").path("DeviceRequests");
        return requests.isMissingNode() ? "" : requests.toString();
    }

    private static JsonNode body(GpuAccess access, String gpus, String arguments) {
        return body(access, gpus, arguments, Map.of());
    }

    private static JsonNode body(GpuAccess access, String gpus, String arguments, Map<String, String> environment) {
        ExecutionRequest request = ExecutionRequest.builder(
                        new AttemptId("a1"), new TaskId("0123456789abcdef0123456789abcdef"), Path.of("/executions/x"))
                .environment(Map.of("CLEARML_API_HOST", "http://127.0.0.1:8008"))
                .resources(new Resources(gpus, 0, 0))
                .build();
        TestSettings settings = TestSettings.defaults();
        return JsonMapper.shared()
                .valueToTree(new ContainerPlan(settings, environment, access, () -> "192.0.2.7")
                        .description(
                                request,
                                "image",
                                RunArguments.parse(ShellWords.split(arguments), "the test"),
                                new Mounts(settings, environment).shared(SHARED))
                        .body());
    }
}
