// SPDX-License-Identifier: Apache-2.0
/** Contract suites that every implementation of an interface of the plugin API passes, and fakes for tests. */
@NullMarked
package ml.clear.agent.testkit;

import org.jspecify.annotations.NullMarked;
