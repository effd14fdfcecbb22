// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

/**
 * Who calls.
 *
 * @param accessKey the access key, or that of the token; empty without credentials
 * @param session the session of the token, empty for a key and secret
 * @param expires when the token ends, seconds since 1970; 0 for a key and secret
 */
record Caller(String accessKey, String session, long expires) {

    /** The one company, with the id that the open server gives it. */
    static final String COMPANY = "d1bd92a3b039400cbafc60a7a5b1e52b";

    static final String COMPANY_NAME = "clearml";

    /** The one user. */
    static final String USER = "5f2e6c1d9a7b4c3e8d0f1a2b3c4d5e6f";

    static final String USER_NAME = "local";

    static final String ROLE = "user";

    /** A caller without credentials. */
    static final Caller NOBODY = new Caller("", "", 0);
}
