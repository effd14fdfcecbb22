// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ml.clear.agent.api.error.AgentException;
import ml.clear.agent.api.process.Command;
import ml.clear.agent.api.process.CommandResult;
import ml.clear.agent.api.process.CommandRunner;

/** Reads all properties of an interpreter in one call. */
final class InterpreterProbe {

    /** Prints lines of name and value; works with Python 3.6 and newer, also without parts of the standard library. */
    private static final String QUESTION = """
            import os, platform, sys
            def tell(name, value):
                sys.stdout.buffer.write((name + '=' + str(value) + '\\n').encode('utf-8', 'surrogateescape'))
            tell('executable', sys.executable)
            tell('base', getattr(sys, '_base_executable', None) or sys.executable)
            tell('python_full_version', platform.python_version())
            tell('python_version', '.'.join(map(str, sys.version_info[:2])))
            tell('sys_platform', sys.platform)
            tell('os_name', os.name)
            tell('platform_machine', platform.machine())
            tell('platform_system', platform.system())
            tell('platform_release', platform.release())
            tell('platform_version', platform.version())
            tell('platform_python_implementation', platform.python_implementation())
            tell('implementation_name', sys.implementation.name)
            tell('implementation_version', '.'.join(map(str, sys.implementation.version[:3])))
            try:
                tell('libc', os.confstr('CS_GNU_LIBC_VERSION'))
            except (AttributeError, OSError, ValueError):
                pass
            try:
                import sysconfig
                tell('abi', sysconfig.get_config_var('SOABI') or sys.implementation.cache_tag)
                tell('platform', sysconfig.get_platform())
                tell('wheels', sysconfig.get_config_var('WHEEL_PKG_DIR') or '')
            except ImportError:
                pass
            from importlib import util
            for module, folder in (('ensurepip', '_bundled'), ('virtualenv', 'seed/wheels/embed')):
                found = util.find_spec(module)
                if found and found.submodule_search_locations:
                    tell('wheels', os.path.join(list(found.submodule_search_locations)[0], folder))
            for folder in sys.path:
                if os.path.basename(folder) in ('site-packages', 'dist-packages') and os.path.isdir(folder):
                    tell('packages', folder)
            found = util.find_spec('pip')
            if found and found.origin:
                tell('pip folder', os.path.dirname(found.origin))
                with open(found.origin, encoding='utf-8') as source:
                    for line in source:
                        if line.startswith('__version__'):
                            tell('pip', line.split('=')[1].strip().strip('"\\''))
            """;

    private final CommandRunner commands;

    InterpreterProbe(CommandRunner commands) {
        this.commands = commands;
    }

    /** The properties of the program; empty when it is not a Python interpreter. */
    Optional<Interpreter> ask(Path program) throws InterruptedException {
        Command question = Command.of(program.toString(), "-I", "-c", QUESTION)
                .timeout(Duration.ofSeconds(30))
                .build();
        CommandResult answer;
        try {
            answer = commands.run(question);
        } catch (AgentException e) {
            return Optional.empty();
        }
        return answer.succeeded() ? read(answer.output()) : Optional.empty();
    }

    static Optional<Interpreter> read(String answer) {
        Map<String, String> told = new HashMap<>();
        List<Path> wheels = new ArrayList<>();
        List<Path> packages = new ArrayList<>();
        answer.lines().filter(line -> line.contains("=")).forEach(line -> {
            String name = line.substring(0, line.indexOf('='));
            String value = line.substring(line.indexOf('=') + 1);
            switch (name) {
                case "wheels" -> addTo(wheels, value);
                case "packages" -> addTo(packages, value);
                default -> told.put(name, value);
            }
        });
        Optional<Version> version = Version.of(told.getOrDefault("python_full_version", ""));
        String executable = told.getOrDefault("executable", "");
        if (version.isEmpty() || executable.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Interpreter(
                Path.of(executable),
                version.get(),
                told.getOrDefault("abi", ""),
                told.getOrDefault("platform", ""),
                Path.of(told.getOrDefault("base", executable)),
                wheels,
                packages,
                told.getOrDefault("pip", ""),
                told.getOrDefault("pip folder", ""),
                told));
    }

    private static void addTo(List<Path> folders, String value) {
        if (!value.isEmpty() && !folders.contains(Path.of(value))) {
            folders.add(Path.of(value));
        }
    }
}
