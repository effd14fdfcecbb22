// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.server;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import ml.clear.agent.api.task.TaskId;

/** The calls {@code workers.*}. */
final class HttpWorkerService implements WorkerService {

    private final ApiConnection connection;

    HttpWorkerService(ApiConnection connection) {
        this.connection = connection;
    }

    @Override
    public void register(String worker, List<String> queueIds) {
        connection.call("workers.register", about(worker, queueIds), Repetition.NEVER);
    }

    @Override
    public void unregister(String worker, List<String> queueIds) {
        connection.call("workers.unregister", about(worker, queueIds), Repetition.NEVER);
    }

    @Override
    public void report(StatusReport report) {
        Json.Builder request = Json.object()
                .with("worker", report.worker())
                .with("timestamp", report.time().getEpochSecond() * 1000)
                .with("is_daemon", !report.queues().isEmpty())
                .with("tags", list(report.tags()))
                .with("task", text(report.task()))
                .with("queue", text(report.queue()))
                .with("queues", list(report.queues()));
        report.load().ifPresent(load -> request.with("machine_stats", stats(load)));
        connection.call("workers.status_report", request.build(), Repetition.NEVER);
    }

    @Override
    public List<String> running(TaskId task, Duration within) {
        return all(within).stream()
                .filter(worker -> worker.at("task").at("id").text().equals(task.value()))
                .map(worker -> worker.at("id").text())
                .toList();
    }

    @Override
    public List<String> seen(Duration within) {
        return all(within).stream().map(worker -> worker.at("id").text()).toList();
    }

    private List<Json> all(Duration within) {
        Json request = Json.object().with("last_seen", within.toSeconds()).build();
        return connection
                .call("workers.get_all", request, Repetition.FREELY)
                .at("workers")
                .items();
    }

    @Override
    public String listing() {
        Json request = Json.object().with("last_seen", 0).build();
        return YamlText.of(connection.call("workers.get_all", request, Repetition.FREELY));
    }

    private static Json about(String worker, List<String> queueIds) {
        return Json.object()
                .with("worker", worker)
                .with("queues", Json.texts(queueIds))
                .build();
    }

    private static Json stats(MachineLoad load) {
        return Json.object()
                .with("cpu_usage", new Json.Items(List.of(number(load.cpuPercent()))))
                .with(
                        "cpu_temperature",
                        Double.isFinite(load.cpuTemperature())
                                ? new Json.Items(List.of(number(load.cpuTemperature())))
                                : new Json.Absent())
                .with("memory_used", number(load.memoryUsed()))
                .with("memory_free", number(load.memoryFree()))
                .with("disk_free_home", number(load.diskFreePercent()))
                .with("disk_read", number(load.diskRead()))
                .with("disk_write", number(load.diskWrite()))
                .with("network_rx", number(load.networkReceived()))
                .with("network_tx", number(load.networkSent()))
                .with("gpu_usage", each(load, MachineLoad.Gpu::percent))
                .with("gpu_temperature", each(load, MachineLoad.Gpu::temperature))
                .with("gpu_memory_used", each(load, MachineLoad.Gpu::memoryUsed))
                .with("gpu_memory_free", each(load, MachineLoad.Gpu::memoryFree))
                .build();
    }

    /** A list with an element for each GPU; absent when the value of a GPU is unknown. */
    private static Json each(MachineLoad load, ToDoubleFunction<MachineLoad.Gpu> figure) {
        List<Json> numbers = load.gpus().stream()
                .map(gpu -> number(figure.applyAsDouble(gpu)))
                .filter(Json::isPresent)
                .toList();
        return numbers.isEmpty() || numbers.size() < load.gpus().size() ? new Json.Absent() : new Json.Items(numbers);
    }

    private static Json number(double value) {
        return Double.isFinite(value)
                ? new Json.Digits(BigDecimal.valueOf(value)
                        .setScale(3, RoundingMode.HALF_UP)
                        .toPlainString())
                : new Json.Absent();
    }

    private static Json text(String value) {
        return value.isEmpty() ? new Json.Absent() : Json.of(value);
    }

    private static Json list(List<String> values) {
        return values.isEmpty() ? new Json.Absent() : Json.texts(values);
    }
}
