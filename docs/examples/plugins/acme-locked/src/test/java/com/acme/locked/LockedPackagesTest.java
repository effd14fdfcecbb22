package com.acme.locked;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.clear.agent.api.python.EnvironmentRequest;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PythonEnvironment;
import ml.clear.agent.testkit.PackageManagerContract;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.Test;

class LockedPackagesTest extends PackageManagerContract {

    @Override
    protected PackageManager manager(TestContext context, Path packages) {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.keySet().removeIf(name -> name.startsWith("PIP_"));
        variables.put("PIP_CONFIG_FILE", "/dev/null");
        variables.put("PIP_NO_INDEX", "1");
        variables.put("PIP_FIND_LINKS", packages.toUri().toString());
        return new LockedPackages(context.with(variables));
    }

    @Test
    void theLockFileDecides() throws Exception {
        EnvironmentRequest request = request("alpha==2.0");
        Files.write(request.sources().root().resolve("acme.lock"), List.of("alpha==1.0"));
        TestContext context = TestContext.in(Files.createDirectories(folder().resolve("agent")));

        PythonEnvironment environment =
                manager(context, folder().resolve("wheels")).plan(request).build(folder().resolve("environment"));

        assertThat(environment.frozen().pip()).contains("alpha==1.0");
    }
}
