// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/** The last values of a task's scalars, with their extremes, as {@code last_metrics} shows them. */
public final class Metrics {

    Metrics() {}

    /** For each metric and variant, under the MD5 of each name: the key that clients compute too. */
    ObjectNode of(Session session, String task) {
        ObjectNode all = Json.object();
        session.each(
                """
                SELECT metric, variant, stats FROM series
                WHERE owner = (SELECT no FROM event_owner WHERE id = ?) AND stats IS NOT NULL""",
                row -> {
                    String metric = row.getString(1);
                    String variant = row.getString(2);
                    ObjectNode entry = Json.object().put("metric", metric).put("variant", variant);
                    Json.merge(entry, Json.parseObject(row.getString(3)));
                    Json.objectIn(all, md5(metric)).set(md5(variant), entry);
                    return true;
                },
                task);
        return all;
    }

    /** The key of a name in {@code last_metrics}. */
    public static String md5(String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
