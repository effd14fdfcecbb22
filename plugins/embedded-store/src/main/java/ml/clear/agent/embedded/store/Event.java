// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import tools.jackson.databind.node.ObjectNode;

/** Something that a task, or a model, reports. Times are milliseconds since 1970. */
public sealed interface Event {

    /** The iteration that marks a value without iteration. */
    long SINGLE_VALUE = Integer.MIN_VALUE;

    /** Console output. Always new. */
    String LOG = "log";
    /** A number. */
    String SCALAR = "training_stats_scalar";
    /** Several numbers. */
    String VECTOR = "training_stats_vector";
    /** A picture. */
    String IMAGE = "training_debug_image";
    /** A figure. */
    String PLOT = "plot";

    /** The task or model. */
    String owner();

    /** When. */
    long timestamp();

    /** Console output, one or more lines. */
    record Log(String owner, long timestamp, String level, String worker, String message) implements Event {}

    /** A number of a series; one with the same iteration replaces it. */
    record Scalar(Place place, long timestamp, double value, String worker, String axis) implements Event {
        @Override
        public String owner() {
            return place.owner();
        }
    }

    /** Anything else; one with the same place and key replaces it. */
    record Other(String type, Place place, String key, long timestamp, ObjectNode document) implements Event {
        @Override
        public String owner() {
            return place.owner();
        }
    }

    /** Where an event belongs. */
    record Place(String owner, long iteration, String metric, String variant) {}
}
