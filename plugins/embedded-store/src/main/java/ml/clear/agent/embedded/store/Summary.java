// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Count, sum, least and greatest of some numbers.
 *
 * @param count how many numbers
 * @param sum their sum
 * @param least the least one
 * @param greatest the greatest one
 */
public record Summary(long count, double sum, double least, double greatest) {

    /** One number. */
    static Summary of(double value) {
        return new Summary(1, value, value, value);
    }

    /** The numbers of both. */
    Summary with(Summary other) {
        return new Summary(
                count + other.count, sum + other.sum, Math.min(least, other.least), Math.max(greatest, other.greatest));
    }

    /** The mean of the numbers. */
    public double mean() {
        return sum / count;
    }

    static Summary parse(JsonNode list) {
        return new Summary(
                list.path(0).asLong(),
                list.path(1).asDouble(),
                list.path(2).asDouble(),
                list.path(3).asDouble());
    }

    ArrayNode json() {
        return Json.array().add(count).add(sum).add(least).add(greatest);
    }
}
