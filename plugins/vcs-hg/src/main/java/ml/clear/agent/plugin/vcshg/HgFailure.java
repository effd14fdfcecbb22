// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.Serial;

/** A failed hg command with its output. */
final class HgFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    HgFailure(String words) {
        super(words);
    }
}
