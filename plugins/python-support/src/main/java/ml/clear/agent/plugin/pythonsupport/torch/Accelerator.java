// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport.torch;

import java.util.List;
import ml.clear.agent.plugin.pythonsupport.Version;

/**
 * What packages on this machine may compute with.
 *
 * @param kind its kind
 * @param version the newest version of CUDA or ROCm that it supports; 0 without one
 * @param evidence how that is known, for messages, such as {@code driver 550.54 supports CUDA 12.4}
 */
public record Accelerator(Kind kind, Version version, String evidence) {

    /** Kinds of accelerators. */
    public enum Kind {
        /** NVIDIA. */
        CUDA("CUDA"),
        /** AMD. */
        ROCM("ROCm"),
        /** None. */
        CPU("CPU");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** For messages. */
        String title() {
            return title;
        }
    }

    /** A machine without an accelerator. */
    static Accelerator none(String evidence) {
        return new Accelerator(Kind.CPU, Version.of("0").orElseThrow(), evidence);
    }

    /** The version of CUDA as digits: 12.4 is 124, and 0 is none. */
    public int cudaDigits() {
        List<Integer> numbers = version.release();
        int minor = numbers.size() > 1 ? numbers.get(1) : 0;
        return kind == Kind.CUDA ? numbers.getFirst() * 10 + minor : 0;
    }

    /** What it adds to the identity of an environment. */
    public String identity() {
        return kind == Kind.CPU ? "0" : kind.title() + " " + version;
    }
}
