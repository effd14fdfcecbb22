// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.uv;

import java.nio.file.Path;
import ml.clear.agent.api.python.PackageManager;
import ml.clear.agent.api.python.PackageSettings;
import ml.clear.agent.testkit.PackageManagerContract;
import ml.clear.agent.testkit.TestContext;
import org.junit.jupiter.api.Tag;

/** The contract, kept by the real uv in pip's place. */
@Tag("thorough")
class UvPackageManagerIT extends PackageManagerContract {

    @Override
    protected PackageManager manager(TestContext context, Path packages) {
        try {
            TestContext own = context.with(RealUv.settings().with(PackageSettings.UV_REPLACE_PIP, "true"))
                    .with(RealUv.only(packages, context.folder().resolve("uv cache")));
            return new UvPackageManager(own.with("uv-pip", new UvPipPackageManager(own)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
