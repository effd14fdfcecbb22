// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;

/**
 * How many GPUs a task of a queue gets.
 *
 * @param least fewer are not enough to start it
 * @param most more are not given
 */
public record GpuShare(int least, int most) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    /** Checks the order. */
    public GpuShare {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException("a share of GPUs goes from 1 upward, got '" + least + "-" + most + "'");
        }
    }

    /**
     * Read {@code 2} or {@code 1-4}.
     *
     * @param item the whole item of the command line, for the message
     * @throws AgentException {@code COMMAND_LINE_INVALID} when it is neither
     */
    public static GpuShare parse(String text, String item) {
        Matcher form = FORM.matcher(text.strip());
        if (form.matches()) {
            int least = Integer.parseInt(form.group(1));
            int most = form.group(2) == null ? least : Integer.parseInt(form.group(2));
            if (least >= 1 && most >= least) {
                return new GpuShare(least, most);
            }
        }
        throw new AgentException(
                ErrorCode.COMMAND_LINE_INVALID,
                "--queue has '" + item
                        + "'; with --dynamic-gpus a queue is written as name=2 or name=1-4, in whole GPUs");
    }
}
