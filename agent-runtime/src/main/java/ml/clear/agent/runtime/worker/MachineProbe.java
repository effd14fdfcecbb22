// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import ml.clear.agent.runtime.server.MachineLoad;

/**
 * Measures the machine with the kernel's counters, so that each value is the true mean since the last call, not that of
 * samples. A value that the machine does not provide is NaN. Used by one thread.
 */
final class MachineProbe {

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final double MEGABYTE = 1 << 20;
    private static final long SECTOR = 512;

    private final Path proc;
    private final Path blockDevices;
    private final Path sensors;
    private final Path watchedDisk;
    private final GpuProbe gpus;
    private final LongSupplier nanoTime;
    private Counters before;

    /**
     * What only grows.
     *
     * @param nanos the time
     * @param busy ticks of all processors in work
     * @param ticks ticks of all processors
     */
    private record Counters(
            long nanos, double busy, double ticks, double read, double written, double received, double sent) {}

    /** A probe of this machine; reports the disk of this folder. */
    MachineProbe(Path watchedDisk, GpuProbe gpus) {
        this(Path.of("/proc"), Path.of("/sys/block"), Path.of("/sys/class/hwmon"), watchedDisk, gpus, System::nanoTime);
    }

    MachineProbe(Path proc, Path blockDevices, Path sensors, Path watchedDisk, GpuProbe gpus, LongSupplier nanoTime) {
        this.proc = proc;
        this.blockDevices = blockDevices;
        this.sensors = sensors;
        this.watchedDisk = watchedDisk;
        this.gpus = gpus;
        this.nanoTime = nanoTime;
        this.before = count();
    }

    /** The load since the last call, or since the probe was created. */
    MachineLoad measure() {
        Counters now = count();
        double seconds = (now.nanos - before.nanos) / (double) TimeUnit.SECONDS.toNanos(1);
        double perSecond = 1 / seconds / MEGABYTE;
        double available = memory("MemAvailable:");
        MachineLoad load = new MachineLoad(
                100 * (now.busy - before.busy) / (now.ticks - before.ticks),
                memory("MemTotal:") - available,
                available,
                freeDisk(),
                (now.read - before.read) * perSecond,
                (now.written - before.written) * perSecond,
                (now.received - before.received) * perSecond,
                (now.sent - before.sent) * perSecond,
                temperature(),
                gpus());
        before = now;
        return load;
    }

    private List<MachineLoad.Gpu> gpus() {
        try {
            return gpus.measure();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Of the hottest sensor of the processor, where the kernel's driver for it is loaded. */
    private double temperature() {
        double hottest = Double.NaN;
        try (DirectoryStream<Path> chips = Files.newDirectoryStream(sensors)) {
            for (Path chip : chips) {
                if (read(chip.resolve("name")).equals("coretemp")) {
                    try (DirectoryStream<Path> inputs = Files.newDirectoryStream(chip, "temp*_input")) {
                        for (Path input : inputs) {
                            double degrees = number(new String[] {read(input)}, 0) / 1000;
                            hottest = Double.isNaN(hottest) ? degrees : Math.max(hottest, degrees);
                        }
                    }
                }
            }
        } catch (IOException e) {
            return hottest;
        }
        return hottest;
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    private Counters count() {
        double busy = Double.NaN;
        double ticks = Double.NaN;
        List<String> cpu = lines("stat");
        if (!cpu.isEmpty()) {
            String[] fields = BLANKS.split(cpu.getFirst()); // cpu user nice system idle iowait irq softirq steal …
            ticks = 0;
            for (int i = 1; i < Math.min(fields.length, 9); i++) {
                ticks += number(fields, i);
            }
            busy = ticks - number(fields, 4) - number(fields, 5);
        }
        double read = 0;
        double written = 0;
        for (String line : lines("diskstats")) {
            String[] fields = BLANKS.split(line.strip()); // major minor name reads … sectors … writes … sectors
            if (fields.length > 9 && isDisk(fields[2])) {
                read += number(fields, 5) * SECTOR;
                written += number(fields, 9) * SECTOR;
            }
        }
        double received = 0;
        double sent = 0;
        for (String line : lines("net/dev")) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.substring(0, colon).strip().equals("lo")) {
                String[] fields = BLANKS.split(line.substring(colon + 1).strip());
                received += number(fields, 0);
                sent += number(fields, 8);
            }
        }
        return new Counters(nanoTime.getAsLong(), busy, ticks, read, written, received, sent);
    }

    /** Whether it is a whole device: partitions, and devices on top of others, would count twice. */
    private boolean isDisk(String name) {
        return Files.exists(blockDevices.resolve(name.replace('/', '!')).resolve("device"));
    }

    private double memory(String name) {
        return lines("meminfo").stream()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> number(BLANKS.split(line), 1) * 1024 / MEGABYTE)
                .findFirst()
                .orElse(Double.NaN);
    }

    private double freeDisk() {
        try {
            FileStore store = Files.getFileStore(watchedDisk);
            return 100.0 * store.getUsableSpace() / store.getTotalSpace();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static double number(String[] fields, int index) {
        try {
            return index < fields.length ? Double.parseDouble(fields[index]) : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
