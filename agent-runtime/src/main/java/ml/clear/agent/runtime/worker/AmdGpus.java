// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import ml.clear.agent.runtime.server.MachineLoad;

/** Reads the load of GPUs from the kernel's driver {@code amdgpu}, below {@code /sys/class/drm}. */
final class AmdGpus implements GpuProbe {

    private static final String AMD = "0x1002";
    private static final Pattern CARD = Pattern.compile("card\\d+");
    private static final double MEGABYTE = 1 << 20;

    private final Path cards;
    private final GpuSelection selection;
    private final double usualPercent;

    /**
     * The GPUs of this machine.
     *
     * @param cards where the kernel lists them
     * @param usualPercent the utilisation of a GPU that does not report it; NaN to omit it
     */
    AmdGpus(Path cards, GpuSelection selection, double usualPercent) {
        this.cards = cards;
        this.selection = selection;
        this.usualPercent = usualPercent;
    }

    @Override
    public List<MachineLoad.Gpu> measure() {
        List<MachineLoad.Gpu> gpus = new ArrayList<>();
        if (selection.isNone()) {
            return gpus;
        }
        List<Path> devices = devices();
        for (int i = 0; i < devices.size(); i++) {
            if (selection.holds(Integer.toString(i), "")) {
                gpus.add(gpu(devices.get(i)));
            }
        }
        return gpus;
    }

    private MachineLoad.Gpu gpu(Path device) {
        double percent = number(device.resolve("gpu_busy_percent"));
        double used = number(device.resolve("mem_info_vram_used"));
        double total = number(device.resolve("mem_info_vram_total"));
        return new MachineLoad.Gpu(
                Double.isNaN(percent) ? usualPercent : percent,
                temperature(device.resolve("hwmon")),
                used / MEGABYTE,
                (total - used) / MEGABYTE);
    }

    /** In thousandths of a degree. */
    private static double temperature(Path sensors) {
        return list(sensors, "hwmon*").stream()
                .mapToDouble(sensor -> number(sensor.resolve("temp1_input")) / 1000)
                .max()
                .orElse(Double.NaN);
    }

    private List<Path> devices() {
        return list(cards, "card*").stream()
                .filter(card -> CARD.matcher(card.getFileName().toString()).matches())
                .sorted(Comparator.comparingInt(
                        card -> Integer.parseInt(card.getFileName().toString().substring("card".length()))))
                .map(card -> card.resolve("device"))
                .filter(device -> text(device.resolve("vendor")).equals(AMD))
                .toList();
    }

    private static List<Path> list(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            return List.of();
        }
        return found;
    }

    private static double number(Path file) {
        try {
            return Double.parseDouble(text(file));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
