// SPDX-License-Identifier: Apache-2.0
/** Contract suites and fakes for the authors of plugins. */
@NullMarked
package ml.clear.agent.testkit;

import org.jspecify.annotations.NullMarked;
