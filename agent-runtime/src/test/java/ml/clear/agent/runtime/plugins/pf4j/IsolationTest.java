// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plugin sees of the agent, of the JDK, of its own libraries and of other plugins. */
class IsolationTest extends PluginFixture {

    private static final String HIDDEN = "hidden";

    @Test
    void twoVersionsOfOneLibraryCoexist() {
        for (String id : List.of("one", "two")) {
            plugin(id)
                    .library(
                            "shared.jar",
                            library("shared.Version", "public static String name() { return \"" + id + "-lib\"; }"))
                    .body(naming("shared.Version.name()"))
                    .folderIn(plugins());
        }

        assertThat(load()).extracting(IsolationTest::answer).containsExactly("one-lib", "two-lib");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ml.clear.agent.runtime.plugins.PluginRegistry",
                "ml.clear.agent.runtime.plugins.pf4j.Pf4jPluginHost",
                "org.pf4j.PluginManager",
                "com.github.zafarkhaja.semver.Version",
                "org.slf4j.Logger",
                "picocli.CommandLine"
            })
    void noClassOfTheAgentIsSeen(String name) throws ClassNotFoundException {
        assertThat(Class.forName(name)).as("the test itself sees it").isNotNull();
        plugin("module").body(naming("probe()") + probe(name)).folderIn(plugins());
        plugin("library")
                .library("prober.jar", library("prober.Prober", probe(name)))
                .body(naming("\"from-library-\" + prober.Prober.probe()"))
                .folderIn(plugins());

        assertThat(load()).extracting(IsolationTest::answer).containsExactly("from-library-hidden", HIDDEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ml.clear.agent.api.spi.AgentPlugin",
                "java.util.List",
                "java.lang.System$Logger",
                "java.sql.Connection",
                "javax.net.ssl.SSLContext"
            })
    void apiAndJdkAreSeenFromLibrariesToo(String name) {
        plugin("library")
                .library("prober.jar", library("prober.Prober", probe(name)))
                .body(naming("prober.Prober.probe()"))
                .folderIn(plugins());

        assertThat(load()).extracting(IsolationTest::answer).containsExactly("seen");
    }

    @Test
    void resourcesOfTheAgentAreHidden() {
        String resource = "ml/clear/agent/runtime/plugins/PluginRegistry.class";
        plugin("module")
                .body(naming("Main.class.getClassLoader().getResource(\"" + resource
                        + "\") == null ? \"hidden\" : \"seen\""))
                .folderIn(plugins());

        assertThat(load()).extracting(IsolationTest::answer).containsExactly(HIDDEN);
    }

    @Test
    void pluginReadsTheExportedPackagesOfOneThatItDependsOn() {
        Path base = plugin("zbase")
                .exportsItsPackage()
                .jar(
                        main -> main.source(
                                "test.zbase.Greeting",
                                "package test.zbase; public class Greeting { public static String text() { return \"hello\"; } }"))
                .folderIn(plugins());
        plugin("user")
                .with("dependencies", "zbase@>=1.0.0")
                .requires("test.zbase")
                .jar(main -> main.beside(base.resolve("modules/zbase.jar")))
                .body(naming("test.zbase.Greeting.text()"))
                .folderIn(plugins());

        List<InstalledPlugin> found = load();

        assertThat(found).extracting(InstalledPlugin::id).containsExactly("user", "zbase");
        assertThat(find(found, "user").contributions().titles()).containsExactly("package manager 'hello'");
        assertThat(find(found, "zbase").contributions().titles()).containsExactly("package manager 'zbase'");
    }

    @Test
    void librariesOfADependencyStayHidden() {
        plugin("base")
                .library("prober.jar", library("prober.Prober", probe("java.util.List")))
                .folderIn(plugins());
        plugin("user")
                .with("dependencies", "base")
                .body(naming("probe()") + probe("prober.Prober"))
                .folderIn(plugins());

        assertThat(answer(find(load(), "user"))).isEqualTo(HIDDEN);
    }

    @Test
    void optionalDependencyMayBeAbsent() {
        plugin("user").with("dependencies", "base?@>=1.0.0").folderIn(plugins());

        assertThat(find(load(), "user").status()).isInstanceOf(PluginStatus.Started.class);
    }

    @Test
    void loaderOfThePluginIsTheContextClassLoaderInsideOnly() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        plugin("module")
                .body(
                        naming(
                                "Thread.currentThread().getContextClassLoader() == Main.class.getClassLoader() ? \"own\" : \"other\""))
                .folderIn(plugins());

        assertThat(load()).extracting(IsolationTest::answer).containsExactly("own");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void servicesOfLibrariesAreFound() {
        plugin("module")
                .library("service.jar", serviceLibrary())
                .body(naming("service.Api.first()"))
                .folderIn(plugins());

        assertThat(load()).extracting(IsolationTest::answer).containsExactly("found");
    }

    private Path serviceLibrary() {
        return newJar().source("service.Api", """
                        package service;
                        public interface Api {
                            static String first() {
                                return java.util.ServiceLoader.load(Api.class).findFirst().map(any -> "found").orElse("none");
                            }
                        }
                        """)
                .source("service.Impl", "package service; public class Impl implements Api {}")
                .file("META-INF/services/service.Api", "service.Impl\n")
                .write(temporary.resolve("service.jar"));
    }

    /** A library of one class. */
    private Path library(String className, String members) {
        int dot = className.lastIndexOf('.');
        return newJar().source(
                        className,
                        "package %s; public class %s { %s }"
                                .formatted(className.substring(0, dot), className.substring(dot + 1), members))
                .write(temporary.resolve("libraries").resolve(className + members.hashCode() + ".jar"));
    }

    /** A plugin class that offers a package manager whose name is the value of an expression. */
    private static String naming(String expression) {
        return """
                public List<Factory<PackageManager>> packageManagers() {
                    return List.of(Factory.of(%s, context -> null));
                }
                """.formatted(expression);
    }

    /** A method that tries the loader of its own class and that of the thread. */
    private static String probe(String className) {
        return """
                public static String probe() {
                    for (ClassLoader loader : new ClassLoader[] {
                            new Object() {}.getClass().getClassLoader(), Thread.currentThread().getContextClassLoader()}) {
                        try {
                            Class.forName("%s", false, loader);
                            return "seen";
                        } catch (ClassNotFoundException e) {
                            continue;
                        }
                    }
                    return "hidden";
                }
                """.formatted(className);
    }

    private static String answer(InstalledPlugin plugin) {
        assertThat(plugin.problem()).isEmpty();
        return plugin.contributions().packageManagers().getFirst().name();
    }
}
