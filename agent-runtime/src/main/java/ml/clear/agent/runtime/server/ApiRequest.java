// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

/**
 * One call of the API.
 *
 * @param endpoint service and action, such as {@code tasks.get_all}
 * @param content what to send
 * @param repetition when it may be sent again
 */
record ApiRequest(String endpoint, Content content, Repetition repetition) {

    /** The version whose bodies we send and understand; the SDK asks for the same one. */
    private static final String VERSION = "v2.23";

    /** A call with a document. */
    static ApiRequest of(String endpoint, Json document, Repetition repetition) {
        return new ApiRequest(endpoint, Content.document(document), repetition);
    }

    /** The path below the server's address; the login has no version. */
    String path() {
        return endpoint.startsWith("auth.") ? endpoint : VERSION + "/" + endpoint;
    }
}
