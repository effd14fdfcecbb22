// SPDX-License-Identifier: Apache-2.0
/** One execution of one task: its records, its phases, who may change them, and its process under the keeper. */
@NullMarked
package ml.clear.agent.runtime.execution;

import org.jspecify.annotations.NullMarked;
