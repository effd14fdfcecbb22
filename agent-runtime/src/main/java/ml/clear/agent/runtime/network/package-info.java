// SPDX-License-Identifier: Apache-2.0
/** Reaching other machines: whom to trust and which proxies to use. */
@NullMarked
package ml.clear.agent.runtime.network;

import org.jspecify.annotations.NullMarked;
