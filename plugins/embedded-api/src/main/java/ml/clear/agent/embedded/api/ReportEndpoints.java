// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.embedded.api;

import java.util.List;
import ml.clear.agent.embedded.store.Json;
import ml.clear.agent.embedded.store.Refusal;
import ml.clear.agent.embedded.store.Session;
import ml.clear.agent.embedded.store.Vocabulary;
import tools.jackson.databind.node.ObjectNode;

/** Reports: tasks of a type of their own, which hold a text in the member {@code report}. */
final class ReportEndpoints {

    private static final String REPORT = "report";
    private static final String REPORTS = ".reports";

    private final Stores stores;
    private final TaskEditor editor;
    private final ProjectTree tree;

    private ReportEndpoints(Stores stores, TaskEditor editor, ProjectTree tree) {
        this.stores = stores;
        this.editor = editor;
        this.tree = tree;
    }

    static void register(Routes routes, Stores stores, TaskEditor editor, ProjectTree tree) {
        ReportEndpoints reports = new ReportEndpoints(stores, editor, tree);
        Endpoint tasks =
                routes.find(new ApiPath("tasks.get_all_ex", ApiVersion.HIGHEST)).orElseThrow();
        routes.add("reports.create", reports::create)
                .add("reports.update", reports::update)
                .add("reports.delete", reports::delete)
                .add("reports.move", reports::move)
                .add("reports.publish", reports::publish)
                .add("reports.archive", call -> reports.archive(call, true))
                .add("reports.unarchive", call -> reports.archive(call, false))
                .add("reports.get_tags", call -> reports.tags())
                .add("reports.get_all_ex", call -> {
                    call.arguments().putArray("type").add(REPORT);
                    return tasks.handler().answer(call);
                });
    }

    private ObjectNode create(Call call) {
        String name = Names.checked(call.required("name"));
        String project = call.text("project", "");
        return stores.database().write(session -> {
            Changes changes = new Changes(editor.blank())
                    .set("name", name)
                    .set("type", REPORT)
                    .set("project", reportsOf(session, project));
            changes.set("system_tags", Names.list(List.of(REPORT)));
            write(call, changes);
            stores.tasks().insert(session, changes.document());
            ObjectNode answer = Json.object();
            answer.set("id", changes.document().path("id"));
            answer.set("project_id", changes.document().path("project"));
            return answer;
        });
    }

    /** The hidden project below a project, or below none, in which its reports lie. */
    private String reportsOf(Session session, String project) {
        String above = project.isEmpty()
                ? ""
                : stores.project(session, project).path("name").stringValue() + "/";
        ObjectNode reports = tree.findOrCreate(session, above + REPORTS);
        if (!Names.contains(reports.path("system_tags"), "hidden")) {
            reports.set("system_tags", Names.list(List.of("hidden", "reports")));
            stores.projects().save(session, reports);
        }
        return reports.path("id").stringValue();
    }

    private static void write(Call call, Changes changes) {
        call.text("name").ifPresent(name -> changes.set("name", Names.checked(name)));
        call.text("comment").ifPresent(comment -> changes.set("comment", comment));
        call.text(REPORT).ifPresent(text -> changes.set(REPORT, text));
        if (call.has("tags")) {
            changes.set("tags", Names.tags(call.arguments().path("tags")));
        }
        if (call.has("report_assets")) {
            changes.set("report_assets", Names.list(call.texts("report_assets")));
        }
    }

    /** The report, or 400/101; another task is 400/12. */
    private ObjectNode report(Session session, String id) {
        ObjectNode task = stores.task(session, id);
        if (!task.path("type").asString("").equals(REPORT)) {
            throw Refusal.invalid("the task '" + id + "' is no report");
        }
        return task;
    }

    private ObjectNode update(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            ObjectNode report = report(session, id);
            if (StatusChange.present(report) != TaskStatus.CREATED) {
                throw StatusChange.refusal(report, "it is published and cannot be edited");
            }
            Changes changes = new Changes(report);
            write(call, changes);
            return save(session, changes);
        });
    }

    private ObjectNode save(Session session, Changes changes) {
        String now = stores.now();
        if (!changes.isEmpty()) {
            changes.set("last_update", now).set("last_change", now).set("last_changed_by", Caller.USER);
            stores.tasks().save(session, changes.document());
        }
        return changes.answer();
    }

    private ObjectNode delete(Call call) {
        String id = call.required("task");
        boolean force = call.force();
        FileUrls urls = new FileUrls(call);
        return stores.database().write(session -> {
            ObjectNode report = report(session, id);
            if (!force
                    && StatusChange.present(report) != TaskStatus.CREATED
                    && !Names.contains(report.path("system_tags"), "archived")) {
                throw Refusal.bad(123, "Task cannot be deleted (it is published and not archived): id=" + id);
            }
            new TaskRemoval(stores).remove(session, report, false, urls);
            return Json.object().put("deleted", 1);
        });
    }

    private ObjectNode move(Call call) {
        String id = call.required("task");
        String project = call.text("project", "");
        String name = call.text("project_name", "");
        if (!project.isEmpty() && !name.isEmpty()) {
            throw Refusal.invalid("either 'project' or 'project_name' is given, not both");
        }
        return stores.database().write(session -> {
            Changes changes = new Changes(report(session, id));
            String above = name.isEmpty()
                    ? project
                    : tree.findOrCreate(session, name).path("id").stringValue();
            String target = reportsOf(session, above);
            save(session, changes.set("project", target));
            return Json.object().put("project_id", target);
        });
    }

    private ObjectNode publish(Call call) {
        String id = call.required("task");
        return stores.database().write(session -> {
            ObjectNode report = report(session, id);
            if (StatusChange.present(report) != TaskStatus.CREATED) {
                throw StatusChange.refusal(report, "it is published already");
            }
            Changes changes = new StatusChange(TaskStatus.PUBLISHED, "", call.text("comment", ""), true)
                    .apply(stores, report)
                    .set("published", stores.now());
            stores.tasks().save(session, report);
            return changes.answer();
        });
    }

    private ObjectNode archive(Call call, boolean archived) {
        String id = call.required("task");
        call.text("comment", "");
        return stores.database().write(session -> {
            Changes changes = new Changes(report(session, id));
            var tags = changes.document().path("system_tags");
            changes.set("system_tags", archived ? Names.with(tags, "archived") : Names.without(tags, "archived"));
            save(session, changes);
            return Json.object().put(archived ? "archived" : "unarchived", 1);
        });
    }

    private ObjectNode tags() {
        ObjectNode answer = Json.object();
        answer.set("tags", Names.list(stores.database().read(session -> Vocabulary.reportTags(session))));
        return answer;
    }
}
