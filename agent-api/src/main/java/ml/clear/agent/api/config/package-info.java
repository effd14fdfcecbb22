// SPDX-License-Identifier: Apache-2.0
/** Settings: declared once, with type, default and a description, and read through {@link ml.clear.agent.api.config.Settings}. */
@NullMarked
package ml.clear.agent.api.config;

import org.jspecify.annotations.NullMarked;
