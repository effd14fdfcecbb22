// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.vcshg;

import java.io.Serial;

/** A command of hg that failed, with what hg said. */
final class HgFailure extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    HgFailure(String words) {
        super(words);
    }
}
