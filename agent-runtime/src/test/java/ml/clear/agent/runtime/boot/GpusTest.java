// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpusTest {

    @Test
    void whatIsAskedForIsSetUnderBothNamesWithColons() {
        Gpus gpus = new Gpus(Map.of(), Optional.of("0.1,2"));

        assertThat(gpus.list()).isEqualTo("0.1,2");
        assertThat(gpus.variables())
                .isEqualTo(Map.of("NVIDIA_VISIBLE_DEVICES", "0:1,2", "CUDA_VISIBLE_DEVICES", "0:1,2"));
    }

    @Test
    void allNamesNoDevice() {
        assertThat(new Gpus(Map.of(), Optional.of("all")).variables())
                .isEqualTo(Map.of("NVIDIA_VISIBLE_DEVICES", "all"));
    }

    @Test
    void whatTheEnvironmentSaysNamesTheWorker() {
        Gpus gpus = new Gpus(Map.of("CUDA_VISIBLE_DEVICES", "3"), Optional.empty());

        assertThat(gpus.list()).isEqualTo("3");
        assertThat(gpus.variables()).isEqualTo(Map.of("NVIDIA_VISIBLE_DEVICES", "3"));
        assertThat(new Gpus(Map.of(), Optional.empty()).list()).isEmpty();
    }

    @Test
    void insideKubernetesOnlyNoGpuMayBeAskedFor() {
        Map<String, String> pod = Map.of("KUBERNETES_PORT", "1", "NVIDIA_VISIBLE_DEVICES", "7");

        assertThat(new Gpus(pod, Optional.of("0")).list()).isEqualTo("7");
        assertThat(new Gpus(pod, Optional.of("none")).list()).isEqualTo("none");
    }
}
