// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;
import ml.clear.agent.runtime.server.MachineLoad;

/** Reads the load of GPUs from {@code nvidia-smi}, which is no longer called after three failures in a row. */
final class NvidiaGpus implements GpuProbe {

    private static final int FAILURES = 3;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final List<String> QUESTION = List.of(
            "nvidia-smi",
            "--query-gpu=index,uuid,utilization.gpu,temperature.gpu,memory.used,memory.total",
            "--format=csv,noheader,nounits");

    private final CommandRunner commands;
    private final GpuSelection selection;
    private final double usualPercent;
    private int failures;

    /**
     * The GPUs of this machine.
     *
     * @param usualPercent the utilisation of a GPU that does not report it; NaN to omit it
     */
    NvidiaGpus(CommandRunner commands, GpuSelection selection, double usualPercent) {
        this.commands = commands;
        this.selection = selection;
        this.usualPercent = usualPercent;
    }

    @Override
    public List<MachineLoad.Gpu> measure() throws InterruptedException {
        if (failures >= FAILURES || selection.isNone()) {
            return List.of();
        }
        try {
            CommandResult answer =
                    commands.run(Command.of(QUESTION).timeout(LONGEST_ANSWER).build());
            if (answer.succeeded()) {
                failures = 0;
                return parse(answer.output());
            }
        } catch (AgentException e) {
            // No such program: no such GPU.
        }
        failures++;
        return List.of();
    }

    /** A line for each GPU, with the figures in the order of the question. */
    List<MachineLoad.Gpu> parse(String output) {
        List<MachineLoad.Gpu> gpus = new ArrayList<>();
        for (String line : output.lines().toList()) {
            String[] fields = COMMA.split(line.strip(), -1);
            if (fields.length == 6 && selection.holds(fields[0], fields[1])) {
                double percent = number(fields[2]);
                double used = number(fields[4]);
                gpus.add(new MachineLoad.Gpu(
                        Double.isNaN(percent) ? usualPercent : percent,
                        number(fields[3]),
                        used,
                        number(fields[5]) - used));
            }
        }
        return gpus;
    }

    /** A value that a GPU does not report is {@code [N/A]}, {@code [Not Supported]} or an error. */
    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
