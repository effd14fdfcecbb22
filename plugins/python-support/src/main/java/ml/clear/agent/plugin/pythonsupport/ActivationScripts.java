// SPDX-License-Identifier: Apache-2.0
package ml.clear.agent.plugin.pythonsupport;

import java.io.IOException;

/** The script that activates an environment in a shell. */
final class ActivationScripts {

    private static final String SCRIPT = """
            # Source this from a shell: . bin/activate
            deactivate () {
                if [ -n "${_CLEARML_OLD_PATH:-}" ]; then
                    PATH="$_CLEARML_OLD_PATH"
                    export PATH
                    unset _CLEARML_OLD_PATH
                fi
                unset VIRTUAL_ENV
                hash -r 2>/dev/null
                [ "${1:-}" = keep ] || unset -f deactivate
            }
            deactivate keep
            VIRTUAL_ENV=@FOLDER@
            export VIRTUAL_ENV
            _CLEARML_OLD_PATH="$PATH"
            PATH="$VIRTUAL_ENV/bin:$PATH"
            export PATH
            hash -r 2>/dev/null
            """;

    private ActivationScripts() {}

    static void write(VirtualEnvironment environment) throws IOException {
        String quoted = "'" + environment.folder().toString().replace("'", "'\\''") + "'";
        Replacement.of(environment.commands().resolve("activate"), SCRIPT.replace("@FOLDER@", quoted));
    }
}
