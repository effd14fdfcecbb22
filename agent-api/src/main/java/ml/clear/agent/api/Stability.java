// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How much a plugin author may rely on a type. Every public type of this module carries exactly one of these marks. */
public final class Stability {

    private Stability() {}

    /** Changes incompatibly only with a new major version of the API. */
    @Documented
    @Retention(RetentionPolicy.CLASS)
    @Target(ElementType.TYPE)
    public @interface Stable {
        /** The API version in which the type became stable, such as {@code 0.1}. */
        String since();
    }

    /** May change incompatibly with a new minor version; the changelog says how. */
    @Documented
    @Retention(RetentionPolicy.CLASS)
    @Target(ElementType.TYPE)
    public @interface Incubating {
        /** The API version in which the type appeared, such as {@code 0.1}. */
        String since();
    }
}
