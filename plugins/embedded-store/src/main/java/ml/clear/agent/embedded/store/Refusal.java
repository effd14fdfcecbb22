// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

/** A refused request: an HTTP-like code, a subcode, and a message for the user. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final int subcode;

    /** A refusal with any pair of codes. */
    public Refusal(int code, int subcode, String message) {
        super(message, null, false, false);
        this.code = code;
        this.subcode = subcode;
    }

    /** A request that cannot be served: code 400. */
    public static Refusal bad(int subcode, String message) {
        return new Refusal(400, subcode, message);
    }

    /** A body that does not fit: 400/12. */
    public static Refusal invalid(String message) {
        return bad(12, "Validation error (" + message + ")");
    }

    /** A value that the data model does not allow: 400/800. */
    public static Refusal data(String message) {
        return bad(800, "Data validation error (" + message + ")");
    }

    /** The HTTP status and result code. */
    public int code() {
        return code;
    }

    /** The code below it. */
    public int subcode() {
        return subcode;
    }

    /** The sentence. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
