// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.runtime.plugins.pf4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import ml.clear.agent.api.config.Setting;
import ml.clear.agent.api.config.ValueTypes;
import ml.clear.agent.runtime.plugins.InstalledPlugin;
import ml.clear.agent.runtime.plugins.PluginStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way for a plugin to be broken is one line that says which, what and what to do; the plugin beside it works. */
class BrokenPluginTest extends PluginFixture {

    @BeforeEach
    void installOneThatWorks() {
        plugin("works").folderIn(plugins());
    }

    @Test
    void corruptModuleJar() throws IOException {
        Path folder = plugin("bad").folderIn(plugins());
        Path jar = Files.writeString(folder.resolve("modules/bad.jar"), "this is no zip");

        assertThat(problem("bad", folder)).contains("'" + jar + "' is corrupt").endsWith("; copy it again");
    }

    @Test
    void truncatedModuleJar() throws IOException {
        Path folder = plugin("bad").folderIn(plugins());
        Path jar = folder.resolve("modules/bad.jar");
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));

        assertThat(problem("bad", folder)).contains("'" + jar + "' is corrupt");
    }

    @Test
    void corruptLibrary() throws IOException {
        Path broken = Files.writeString(temporary.resolve("x.jar"), "this is no zip");
        Path folder = plugin("bad").folderIn(plugins());
        Path installed = Files.copy(broken, folder.resolve("lib/x.jar"));

        assertThat(problem("bad", folder))
                .contains("'" + installed + "' is corrupt")
                .endsWith("; copy it again");
    }

    @Test
    void aLibraryOfABundledPluginThatLacksItsEndIsNoticed() throws IOException {
        Path bundled = Files.createDirectory(temporary.resolve("bundled"));
        Path whole = plugin("good").folderIn(bundled).resolve("lib/x.jar");
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(whole))) {
            jar.putNextEntry(new ZipEntry("x/readme.txt"));
        }
        assertThat(find(load(request(List.of()).bundled(bundled)).plugins(), "good")
                        .status())
                .isInstanceOf(PluginStatus.Started.class);

        byte[] bytes = Files.readAllBytes(whole);
        Files.write(whole, Arrays.copyOf(bytes, bytes.length - 1));

        assertThat(find(load(request(List.of()).bundled(bundled)).plugins(), "good")
                        .problem()
                        .orElseThrow())
                .contains("'" + whole + "' is corrupt");
    }

    @Test
    void corruptDropInJar() throws IOException {
        Path jar = Files.writeString(plugins().resolve("bad.jar"), "this is no zip");

        assertThat(problem("bad.jar", jar)).contains("'" + jar + "' is corrupt").endsWith("; copy it again");
    }

    @Test
    void corruptZip() throws IOException {
        Path zip = Files.writeString(plugins().resolve("bad.zip"), "this is no zip");

        assertThat(problem("bad.zip", zip)).contains("'" + zip + "' is corrupt").endsWith("; copy it again");
    }

    @Test
    void missingModule() {
        Path other = newJar().module("module test.other {}").write(temporary.resolve("other.jar"));
        Path folder = plugin("bad")
                .requires("test.other")
                .jar(main -> main.beside(other))
                .folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("requires module 'test.other', which is missing")
                .contains("add its jar to the modules folder");
    }

    @Test
    void moduleOfTheJdkThatTheImageLacks() {
        // No JDK has this module, as no image has all modules of the JDK.
        Path other = newJar().module("module jdk.absent {}").write(temporary.resolve("absent.jar"));
        Path folder = plugin("bad")
                .requires("jdk.absent")
                .jar(main -> main.beside(other))
                .folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("requires module 'jdk.absent', which is part of the JDK but missing from this agent's image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pf4j", "ml.clear.agent.runtime"})
    void moduleOfTheAgentItself(String hidden) {
        Path other = newJar().module("module " + hidden + " {}").write(temporary.resolve("hidden.jar"));
        Path folder =
                plugin("bad").requires(hidden).jar(main -> main.beside(other)).folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("requires module '" + hidden + "', which is the agent's own and hidden from plugins");
    }

    @Test
    void splitPackage() {
        Path folder = plugin("bad").folderIn(plugins());
        newJar().module("module test.second {}")
                .source("test.bad.Second", "package test.bad; class Second {}")
                .write(folder.resolve("modules/second.jar"));

        assertThat(problem("bad", folder))
                .contains("package 'test.bad' is split")
                .contains("bad.jar'")
                .contains("second.jar'");
    }

    @Test
    void sameModuleTwice() throws IOException {
        Path folder = plugin("bad").folderIn(plugins());
        Files.copy(folder.resolve("modules/bad.jar"), folder.resolve("modules/bad-1.1.jar"));

        assertThat(problem("bad", folder)).contains("module 'test.bad' is in both");
    }

    @Test
    void jarWithoutModuleInfoAmongTheModules() {
        Path folder = plugin("bad").folderIn(plugins());
        newJar().source("lib.Thing", "package lib; class Thing {}").write(folder.resolve("modules/thing.jar"));

        assertThat(problem("bad", folder)).contains("has no module-info").contains("lib folder");
    }

    @Test
    void missingProviderClass() {
        Path folder = plugin("bad")
                .jar(main -> main.source("test.bad.Other", "package test.bad; class Other {}")
                        .without("test.bad.Main"))
                .folderIn(plugins());

        assertThat(problem("bad", folder)).contains("provider 'test.bad.Main' not found");
    }

    @Test
    void constructorOfTheProviderThrows() {
        Path folder = plugin("bad")
                .body("public Main() { throw new IllegalStateException(\"no luck\\ntoday\"); }")
                .folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("provider 'test.bad.Main' could not be instantiated")
                .contains("java.lang.IllegalStateException: no luck today");
    }

    @Test
    void methodOfTheProviderThrows() {
        Path folder = plugin("bad")
                .body("public List<Setting<?>> settings() { throw new StackOverflowError(); }")
                .folderIn(plugins());

        assertThat(problem("bad", folder)).contains("settings() threw java.lang.StackOverflowError");
    }

    @Test
    void methodOfTheProviderReturnsNull() {
        Path folder = plugin("bad")
                .body("public List<Setting<?>> settings() { return null; }")
                .folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("settings() threw java.lang.NullPointerException: it returned null");
    }

    @Test
    void classOfALibraryIsMissing() {
        Path library = newJar().source("gone.Thing", "package gone; public class Thing {}")
                .write(temporary.resolve("gone.jar"));
        Path folder = plugin("bad")
                .body("private final gone.Thing thing = new gone.Thing();")
                .jar(main -> main.library(library))
                .folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("class 'gone.Thing' is missing")
                .contains("lib folder");
    }

    @Test
    void classFileIsTooNew() {
        Path folder = plugin("bad").jar(main -> main.classVersion("test/", 999)).folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("class file version 999.0")
                .contains("this agent runs on Java " + Runtime.version().feature());
    }

    @Test
    void moduleInfoIsTooNew() {
        Path folder =
                plugin("bad").jar(main -> main.classVersion("module-info", 999)).folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("bad.jar' needs a newer Java")
                .contains("this agent runs on Java " + Runtime.version().feature());
    }

    @Test
    void libraryIsTooNew() {
        Path library = newJar().source("fresh.Thing", "package fresh; public class Thing {}")
                .classVersion("fresh/", 999)
                .write(temporary.resolve("fresh.jar"));
        Path compiledAgainst = newJar().source("fresh.Thing", "package fresh; public class Thing {}")
                .write(temporary.resolve("older.jar"));
        Path folder = plugin("bad")
                .body("private final Object thing = new fresh.Thing();")
                .jar(main -> main.library(compiledAgainst))
                .library("fresh.jar", library)
                .folderIn(plugins());

        assertThat(problem("bad", folder)).contains("class file version 999.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {">>1", "one", ">=0.1.0 &"})
    void malformedRequires(String range) {
        Path folder = plugin("bad").with("requires", range).folderIn(plugins());

        assertThat(problem("bad", folder)).contains("'" + range + "' is no range of versions");
    }

    @ParameterizedTest
    @ValueSource(strings = {">=0.2.0", "0.2.0", "<0.1.0", "~1.0"})
    void unmetRequires(String range) {
        Path folder =
                plugin("bad").with("requires", range).body(traced("unmet")).folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("requires version " + range + " of the agent's API, and this agent has 0.1.0");
        assertThat(System.getProperty("test.loaded.unmet")).isNull();
    }

    @Test
    void absentDependency() {
        Path folder = plugin("bad").with("dependencies", "friend").folderIn(plugins());

        assertThat(problem("bad", folder)).contains("depends on plugin 'friend', which is not installed");
    }

    @Test
    void dependencyOfAnotherVersion() {
        Path folder = plugin("bad").with("dependencies", "works@>=2.0.0").folderIn(plugins());

        assertThat(problem("bad", folder)).contains("depends on version >=2.0.0 of plugin 'works' 1.0.0");
    }

    @Test
    void malformedVersionOfADependency() {
        Path folder = plugin("bad").with("dependencies", "works@>>2").folderIn(plugins());

        assertThat(problem("bad", folder)).contains("'>>2' is no range of versions");
    }

    @Test
    void dependencyThatFailed() {
        plugin("worse")
                .body("public Main() { throw new IllegalStateException(); }")
                .folderIn(plugins());
        Path folder = plugin("bad").with("dependencies", "worse").folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("depends on plugin 'worse' 1.0.0")
                .contains("which failed: provider 'test.worse.Main'");
    }

    @Test
    void dependencyThatIsDisabled() throws IOException {
        plugin("off").folderIn(plugins());
        Files.writeString(plugins().resolve("disabled.txt"), "off\n");
        Path folder = plugin("bad").with("dependencies", "off").folderIn(plugins());

        assertThat(problem("bad", folder)).contains("depends on plugin 'off', which is disabled");
    }

    @Test
    void circularDependency() {
        Path one = plugin("one").with("dependencies", "two").folderIn(plugins());
        Path two = plugin("two").with("dependencies", "three").folderIn(plugins());
        plugin("three").with("dependencies", "one").folderIn(plugins());
        Path outside = plugin("outside").with("dependencies", "one").folderIn(plugins());

        assertThat(problem("one", one)).contains("it depends on itself: one → two → three → one");
        assertThat(problem("two", two)).contains("it depends on itself: two → three → one → two");
        assertThat(problem("outside", outside))
                .contains("depends on plugin 'one' 1.0.0")
                .contains("which failed");
    }

    @Test
    void duplicateId() {
        plugin("alpha").folderIn(temporary.resolve("builtin"));
        Path later = plugin("alpha").with("version", "2.0.0").jarIn(plugins());

        List<InstalledPlugin> found = load(List.of(temporary.resolve("builtin"), plugins()), List.of());

        assertThat(find(found, "alpha").version()).isEqualTo("1.0.0");
        assertThat(found.stream().flatMap(each -> each.problem().stream()))
                .containsExactly(
                        "plugin 'alpha' 2.0.0 (" + later + ") cannot be used: its id is in use by version 1.0.0 in "
                                + temporary.resolve("builtin/alpha") + "; remove one of the two");
    }

    @Test
    void copyOfTheApiAmongTheModules() {
        Path folder = plugin("bad").folderIn(plugins());
        Path copy = newJar().module("module ml.clear.agent.api { exports ml.clear.agent.api.spi; }")
                .source(
                        "ml.clear.agent.api.spi.AgentPlugin",
                        "package ml.clear.agent.api.spi; public interface AgentPlugin {}")
                .write(folder.resolve("modules/agent-api.jar"));

        assertThat(problem("bad", folder)).contains("'" + copy + "' holds a copy of the agent's API");
    }

    @Test
    void copyOfTheApiAmongTheLibraries() {
        Path folder = plugin("bad").folderIn(plugins());
        Path copy = newJar().source(
                        "ml.clear.agent.api.spi.AgentPlugin",
                        "package ml.clear.agent.api.spi; public interface AgentPlugin {}")
                .write(folder.resolve("lib/all-in-one.jar"));

        assertThat(problem("bad", folder)).contains("'" + copy + "' holds a copy of the agent's API");
    }

    @Test
    void noProvider() {
        Path folder = plugin("bad")
                .jar(main -> main.module("module test.bad { requires ml.clear.agent.api; }"))
                .folderIn(plugins());

        assertThat(problem("bad", folder))
                .contains("none of its modules provides ml.clear.agent.api.spi.AgentPlugin")
                .contains("module-info");
    }

    @Test
    void providerThatContributesNothing() {
        Path folder = plugin("bad").body("").folderIn(plugins());

        assertThat(problem("bad", folder)).contains("it contributes nothing");
    }

    @Test
    void noModulesAtAll() throws IOException {
        Path folder = plugin("bad").folderIn(plugins());
        Files.delete(folder.resolve("modules/bad.jar"));

        assertThat(problem("bad", folder)).contains("it has no jar in its modules folder");
    }

    @Test
    void settingOfAnotherPlugin() {
        Path first = plugin("bad").body(setting("agent.shared")).folderIn(plugins());
        Path second = plugin("worse").body(setting("agent.shared")).folderIn(plugins());

        assertThat(problem("worse", second))
                .contains("it contributes setting 'agent.shared', as plugin 'bad' 1.0.0 (" + first + ") does");
        assertThat(find(load(), "bad").problem()).isEmpty();
    }

    @Test
    void settingOfTheAgent() {
        plugin("bad").body(setting("agent.worker_id")).folderIn(plugins());
        Setting<?> own = Setting.of("agent.worker_id", ValueTypes.TEXT, "", "The name of the worker");

        assertThat(find(load(List.of(plugins()), List.of(own)), "bad").problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains("it contributes setting 'agent.worker_id', as the agent itself does"));
    }

    @Test
    void nameOfAnotherPluginsContribution() {
        Path folder = plugin("zz").body(TestPlugin.packageManager("works")).folderIn(plugins());

        assertThat(problem("zz", folder)).contains("it contributes package manager 'works', as plugin 'works' 1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.txt", "modules/../../outside.txt", "/outside.txt", "..\\outside.txt"})
    void zipWithAnEntryOutsideOfIt(String entry) throws IOException {
        Path zip = plugins().resolve("bad.zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.putNextEntry(new ZipEntry(entry));
            out.write('x');
        }

        assertThat(problem("bad.zip", zip))
                .contains("its zip holds '" + entry + "', which would lie outside the plugin's folder");
        assertThat(temporary).isDirectoryNotContaining("glob:**outside.txt");
        assertThat(cache()).isEmptyDirectory();
    }

    @Test
    void folderWithoutDescriptor() throws IOException {
        Path folder = Files.createDirectories(plugins().resolve("bad"));

        assertThat(problem("bad", folder)).contains("it has no plugin.properties");
    }

    @Test
    void jarThatIsNoPlugin() {
        Path jar = newJar().source("lib.Thing", "package lib; class Thing {}")
                .write(plugins().resolve("thing.jar"));

        assertThat(problem("thing.jar", jar)).contains("its manifest has no Plugin-Id");
    }

    @Test
    void descriptorWithoutVersion() {
        Path folder = plugin("bad").with("version", "").folderIn(plugins());

        assertThat(problem("bad", folder)).contains("plugin.properties has no plugin.version");
    }

    @Test
    void malformedVersionAndId() {
        Path version = plugin("bad").with("version", "one").folderIn(plugins());
        Path id = plugin("worse").with("id", "Bad_Id").folderIn(plugins());

        assertThat(problem("bad", version)).contains("plugin.version is 'one'");
        assertThat(problem("worse", id)).contains("plugin.id is 'Bad_Id'").contains("lower-case words");
    }

    /** The one line about a plugin, after checking its form and that the healthy plugin started. */
    private String problem(String id, Path file) {
        List<InstalledPlugin> found = load();
        InstalledPlugin plugin = find(found, id);
        assertThat(find(found, "works").status()).isInstanceOf(PluginStatus.Started.class);
        assertThat(plugin.problem()).isPresent();
        String problem = plugin.problem().orElseThrow();
        assertThat(problem)
                .startsWith(plugin.label() + " cannot be used: ")
                .contains("'" + id + "'")
                .contains(file.toString())
                .contains("; ")
                .doesNotContain("\n")
                .doesNotEndWith(".");
        return problem;
    }

    private static String setting(String key) {
        return """
                public List<Setting<?>> settings() {
                    return List.of(Setting.of("%s", ValueTypes.TEXT, "", "For a test"));
                }
                """.formatted(key);
    }

    private static String traced(String name) {
        return "static { System.setProperty(\"test.loaded.%s\", \"yes\"); }".formatted(name);
    }
}
