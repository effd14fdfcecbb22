// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON document, immutable. What is absent reads as {@link Absent}, so that a path through a document that lacks a part
 * of it needs no checks. Numbers keep the digits they were written with, so that what is read and sent back is the same.
 */
sealed interface Json {

    /** An object with its members in order. */
    record Members(Map<String, Json> members) implements Json {
        public Members {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    /** A list. */
    record Items(List<Json> items) implements Json {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A text. */
    record Text(String value) implements Json {}

    /** A number in its written form. */
    record Digits(String value) implements Json {}

    /** True or false. */
    record Truth(boolean value) implements Json {}

    /** Nothing is there, or {@code null}, which the ClearML protocol means as nothing. */
    record Absent() implements Json {}

    /** A text as a document. */
    static Json of(String text) {
        return new Text(text);
    }

    /** A whole number as a document. */
    static Json of(long number) {
        return new Digits(Long.toString(number));
    }

    /** A truth value as a document. */
    static Json of(boolean truth) {
        return new Truth(truth);
    }

    /** A list of texts. */
    static Json texts(Iterable<String> texts) {
        List<Json> items = new ArrayList<>();
        texts.forEach(text -> items.add(of(text)));
        return new Items(items);
    }

    /** A list of texts. */
    static Json texts(String... texts) {
        return texts(List.of(texts));
    }

    /** Starts an object. */
    static Builder object() {
        return new Builder();
    }

    /** The member with this name. */
    default Json at(String name) {
        return members().getOrDefault(name, new Absent());
    }

    /** Whether something is there. */
    default boolean isPresent() {
        return !(this instanceof Absent);
    }

    /** The members of an object; none for anything else. */
    default Map<String, Json> members() {
        return Map.of();
    }

    /** The items of a list; none for anything else. */
    default List<Json> items() {
        return List.of();
    }

    /** A text, number or truth value as text; a list or an object in its JSON form; empty for nothing. */
    default String text() {
        return switch (this) {
            case Text(String value) -> value;
            case Digits(String value) -> value;
            case Truth(boolean value) -> Boolean.toString(value);
            case Absent() -> "";
            case Members _, Items _ -> JsonFormat.write(this);
        };
    }

    /** A whole number, or the other one when this is none. */
    default long number(long otherwise) {
        try {
            return this instanceof Digits(String value) ? Long.parseLong(value) : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Collects the members of an object. */
    final class Builder {

        private final Map<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        /** Adds or replaces a member; nothing when the value is absent. */
        Builder with(String name, Json value) {
            if (value.isPresent()) {
                members.put(name, value);
            }
            return this;
        }

        /** Adds or replaces a member. */
        Builder with(String name, String value) {
            return with(name, of(value));
        }

        /** Adds or replaces a member. */
        Builder with(String name, boolean value) {
            return with(name, of(value));
        }

        /** Adds or replaces a member. */
        Builder with(String name, long value) {
            return with(name, of(value));
        }

        /** Adds all members of another object. */
        Builder withAll(Json object) {
            members.putAll(object.members());
            return this;
        }

        /** Removes a member. */
        Builder without(String name) {
            members.remove(name);
            return this;
        }

        /** The object. */
        Json build() {
            return new Members(members);
        }
    }
}
