package com.acme.locked;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.error.ErrorCode;
import ml.clear.agent.api.python.EnvironmentPlan;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.spi.PluginContext;
import ml.clear.agent.api.task.Requirements;
import ml.clear.agent.plugin.pythonsupport.install.RequirementsPlanner;

/** The lines of {@code acme.lock} are installed in place of the task's requirements. */
record LockedPackages(PluginContext context) implements PackageManager {

    @Override
    public EnvironmentPlan plan(EnvironmentRequest request) throws InterruptedException {
        return new RequirementsPlanner(context)
                .plan(locked(request), (interpreter, required, console) -> new LockedInstaller(context, interpreter));
    }

    private static EnvironmentRequest locked(EnvironmentRequest request) {
        Path lock = request.sources().root().resolve("acme.lock");
        if (!Files.isRegularFile(lock)) {
            return request;
        }
        try {
            Requirements lines = Requirements.ofPip(Files.readAllLines(lock));
            request.console().line("installing what acme.lock names");
            return new EnvironmentRequest(
                    request.python(), lines, request.sources(), request.target(), request.image(), request.console());
        } catch (IOException e) {
            throw new AgentException(ErrorCode.FILE_SYSTEM, "cannot read '" + lock + "': " + e.getMessage(), e);
        }
    }
}
