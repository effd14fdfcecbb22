// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import ml.clear.agent.runtime.server.MachineLoad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineProbeTest {

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void ratesAreTheMeanBetweenTwoLooks() throws IOException {
        write("proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1 1 1 1\n");
        write("proc/meminfo", "MemTotal:  2048 kB\nMemFree: 1 kB\nMemAvailable:    1024 kB\n");
        write(
                "proc/diskstats",
                "   8 0 sda 1 0 0 0 1 0 0 0\n   8 1 sda1 1 0 0 0 1 0 0 0\n 7 0 loop0 1 0 0 0 1 0 0 0\n");
        write(
                "proc/net/dev",
                "Inter-| Receive\n face |bytes\n    lo: 9 0 0 0 0 0 0 0 9 0\n  eth0: 0 0 0 0 0 0 0 0 0 0\n");
        Files.createDirectories(folder.resolve("block/sda/device"));
        MachineProbe probe = probe();

        nanos.addAndGet(2_000_000_000L);
        write("proc/stat", "cpu  130 0 120 850 0 0 0 0 0 0\n");
        write("proc/diskstats", "   8 0 sda 1 0 8192 0 1 0 4096 0\n   8 1 sda1 1 0 8192 0 1 0 4096 0\n");
        write("proc/net/dev", "    lo: 99999 0 0 0 0 0 0 0 99999 0\n  eth0:1048576 0 0 0 0 0 0 0 2097152 0\n");
        MachineLoad load = probe.measure();

        assertThat(load.cpuPercent()).isEqualTo(50);
        assertThat(load.memoryUsed()).isEqualTo(1);
        assertThat(load.memoryFree()).isEqualTo(1);
        assertThat(load.diskRead()).isEqualTo(2);
        assertThat(load.diskWrite()).isEqualTo(1);
        assertThat(load.networkReceived()).isEqualTo(0.5);
        assertThat(load.networkSent()).isEqualTo(1);
        assertThat(load.diskFreePercent()).isBetween(0.0, 100.0);
    }

    @Test
    void whatTheMachineDoesNotTellIsNoNumber() {
        MachineLoad load = probe().measure();

        assertThat(load.cpuPercent()).isNaN();
        assertThat(load.memoryUsed()).isNaN();
    }

    @Test
    void gpusAndTheHottestCoreAreTold() throws IOException {
        write("hwmon/hwmon0/name", "nvme\n");
        write("hwmon/hwmon0/temp1_input", "99000\n");
        write("hwmon/hwmon1/name", "coretemp\n");
        write("hwmon/hwmon1/temp1_input", "41000\n");
        write("hwmon/hwmon1/temp2_input", "47500\n");

        MachineLoad load = probe().measure();

        assertThat(load.cpuTemperature()).isEqualTo(47.5);
        assertThat(load.gpus()).containsExactly(new MachineLoad.Gpu(37, 54, 100, 900));
    }

    @Test
    void thisMachineTellsSomething() {
        MachineLoad load = new MachineProbe(folder, List::of).measure();

        assertThat(load.memoryFree()).isPositive();
        assertThat(load.diskFreePercent()).isCloseTo(50, within(50.0));
    }

    private MachineProbe probe() {
        return new MachineProbe(
                folder.resolve("proc"),
                folder.resolve("block"),
                folder.resolve("hwmon"),
                folder,
                () -> List.of(new MachineLoad.Gpu(37, 54, 100, 900)),
                nanos::get);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
