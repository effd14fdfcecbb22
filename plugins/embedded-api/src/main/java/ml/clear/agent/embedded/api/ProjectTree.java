// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Subset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The names of projects as a tree. Names are unique. For the writer's thread, but for {@link #family}. */
final class ProjectTree {

    private static final int DEEPEST = 10;

    private final Stores stores;

    ProjectTree(Stores stores) {
        this.stores = stores;
    }

    /** Make a project and the parents that it lacks; 400/801 when it exists. */
    ObjectNode create(Session session, String name) {
        List<String> parts = parts(name);
        String whole = String.join("/", parts);
        if (find(session, whole).isPresent()) {
            throw Refusal.bad(801, "Expected unique data: name=" + whole + ", company=" + Caller.COMPANY);
        }
        return ensure(session, parts);
    }

    /** The project of this name, made when it is missing. */
    ObjectNode findOrCreate(Session session, String name) {
        return ensure(session, parts(name));
    }

    private ObjectNode ensure(Session session, List<String> parts) {
        String whole = String.join("/", parts);
        Optional<ObjectNode> present = find(session, whole);
        if (present.isPresent()) {
            return present.get();
        }
        String now = stores.now();
        ObjectNode project = Json.object()
                .put("id", Stores.newId())
                .put("name", whole)
                .put("basename", parts.getLast())
                .put("description", "")
                .put("company", Caller.COMPANY)
                .put("user", Caller.USER)
                .put("created", now)
                .put("last_update", now);
        project.putArray("tags");
        project.putArray("system_tags");
        project.putArray("path");
        if (parts.size() > 1) {
            attach(project, ensure(session, parts.subList(0, parts.size() - 1)));
        }
        stores.projects().insert(session, project);
        return project;
    }

    /** Give a project another last name; its descendants follow. */
    void rename(Session session, ObjectNode project, String name) {
        List<String> parts = parts(name);
        String whole = String.join("/", parts);
        String old = project.path("name").stringValue();
        if (whole.equals(old)) {
            return;
        }
        if (!parent(whole).equals(parent(old))) {
            throw Refusal.bad(408, "Use move to change the location of a project: name=" + whole);
        }
        if (find(session, whole).isPresent()) {
            throw Refusal.bad(801, "Expected unique data: name=" + whole + ", company=" + Caller.COMPANY);
        }
        renameDescendants(session, project, whole);
        project.put("name", whole).put("basename", parts.getLast());
    }

    private void renameDescendants(Session session, ObjectNode project, String whole) {
        String old = project.path("name").stringValue();
        for (String id : family(session, project.path("id").stringValue())) {
            ObjectNode member = stores.project(session, id);
            String before = member.path("name").stringValue();
            if (!before.equals(old)) {
                member.put("name", whole + before.substring(old.length()));
                stores.projects().save(session, member);
            }
        }
    }

    /**
     * Put a project and its descendants below another one, which is made when it is missing, and save them.
     *
     * @param location the name of the new parent; empty for none
     * @return how many projects have another place now
     */
    int move(Session session, ObjectNode project, String location) {
        String id = project.path("id").stringValue();
        String old = project.path("name").stringValue();
        List<String> above = location.isBlank() ? List.of() : parts(location);
        String parent = String.join("/", above);
        if (parent.equals(parent(old))) {
            throw Refusal.bad(410, "The project is there already: id=" + id + ", location=" + parent);
        }
        if (parent.equals(old) || parent.startsWith(old + "/")) {
            throw Refusal.bad(411, "A project cannot be moved below itself: id=" + id + ", location=" + parent);
        }
        String whole = (parent.isEmpty() ? "" : parent + "/")
                + project.path("basename").stringValue();
        if (find(session, whole).isPresent()) {
            throw Refusal.bad(801, "Expected unique data: name=" + whole + ", company=" + Caller.COMPANY);
        }
        List<String> family = family(session, id);
        int deepest = family.stream()
                .mapToInt(member -> stores.project(session, member)
                        .path("name")
                        .stringValue()
                        .split("/", -1)
                        .length)
                .max()
                .orElse(0);
        if (deepest - old.split("/", -1).length + above.size() + 1 > DEEPEST) {
            throw Refusal.bad(409, "Project path exceeds the limit of " + DEEPEST + " levels: name=" + whole);
        }
        renameDescendants(session, project, whole);
        project.put("name", whole).put("last_update", stores.now());
        if (above.isEmpty()) {
            project.remove("parent");
            project.putArray("path");
        } else {
            attach(project, ensure(session, above));
        }
        stores.projects().save(session, project);
        for (String member : family.subList(1, family.size())) {
            ObjectNode child = stores.project(session, member);
            attach(child, stores.project(session, child.path("parent").stringValue()));
            stores.projects().save(session, child);
        }
        return family.size();
    }

    private static void attach(ObjectNode project, ObjectNode parent) {
        project.put("parent", parent.path("id").stringValue());
        ArrayNode path = project.putArray("path");
        parent.path("path").forEach(path::add);
        path.add(parent.path("id").stringValue());
    }

    /** A project and its descendants. */
    List<String> family(Session session, String id) {
        List<String> family = new ArrayList<>(List.of(id));
        for (int i = 0; i < family.size(); i++) {
            stores.projects()
                    .each(
                            session,
                            Subset.of("parent", family.get(i)),
                            child -> family.add(child.path("id").stringValue()));
        }
        return family;
    }

    /** Let a call's {@code project} mean the descendants too, when it says {@code include_subprojects}. */
    void widen(Session session, Call call) {
        if (!call.flag("include_subprojects", false)) {
            return;
        }
        JsonNode given = call.arguments().path("project");
        Set<String> projects = new LinkedHashSet<>();
        for (JsonNode project : given.isArray() ? given : Json.array().add(given)) {
            if (project.isString()) {
                projects.addAll(family(session, project.stringValue()));
            }
        }
        if (!projects.isEmpty()) {
            call.arguments().set("project", Names.list(List.copyOf(projects)));
        }
    }

    private Optional<ObjectNode> find(Session session, String name) {
        List<ObjectNode> found = new ArrayList<>();
        stores.projects().each(session, Subset.of("name", name), found::add);
        return found.stream().findFirst();
    }

    private static String parent(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private static List<String> parts(String name) {
        if (name.isEmpty() || name.replace("/", "").isEmpty()) {
            throw Refusal.bad(407, "Invalid project name: '" + name + "'");
        }
        List<String> parts = Arrays.stream(name.split("/", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
        if (parts.isEmpty() || parts.stream().anyMatch(part -> part.length() < 3)) {
            throw Refusal.invalid("Project name cannot be blank: every part needs at least 3 characters");
        }
        if (parts.size() > DEEPEST) {
            throw Refusal.bad(409, "Project path exceeds the limit of " + DEEPEST + " levels: name=" + name);
        }
        return parts;
    }
}
