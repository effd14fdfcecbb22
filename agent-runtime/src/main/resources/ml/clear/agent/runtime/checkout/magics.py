# What get_ipython() stands for in a script: IPython's shell where it is installed, else the commands that need no more than
# Python. Others end the script with a hint.
def _clearml_get_ipython():
    import os
    import re
    import subprocess
    import sys

    main = sys.modules["__main__"]
    try:
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance(user_module=main, user_ns=vars(main))
        shell.colors = "nocolor" if hasattr(shell, "theme_name") else "NoColor"
        return lambda: shell
    except ImportError:
        pass

    def expanded(text):
        def value(match):
            try:
                return str(eval(match.group(1) or match.group(2), vars(main)))
            except Exception:
                return match.group(0)

        return re.sub(r"\{([^{}]+)\}|\$([A-Za-z_]\w*)", value, text)

    class Shell:
        def system(self, command):
            sys.stdout.flush()
            vars(main)["_exit_code"] = subprocess.call(expanded(command), shell=True)

        def getoutput(self, command):
            return subprocess.getoutput(expanded(command)).splitlines()

        def run_line_magic(self, name, line):
            line = expanded(line)
            if name in ("matplotlib", "config", "load_ext", "reload_ext", "autoreload", "pinfo", "pinfo2"):
                print("%" + name + " " + line + " has no effect without IPython")
            elif name == "pip":
                self.system('"' + sys.executable + '" -m pip ' + line)
            elif name == "cd":
                os.chdir(os.path.expanduser(line))
            elif name in ("env", "set_env") and "=" in line:
                key, _, value = line.partition("=")
                os.environ[key.strip()] = value.strip()
            elif name in ("time", "timeit"):
                exec(line, vars(main))
            else:
                raise NameError("%" + name + " needs IPython; add 'ipython' to the requirements of the task")

        def run_cell_magic(self, name, line, cell):
            if name in ("bash", "sh", "script bash", "script sh"):
                sys.stdout.flush()
                subprocess.run([name.split()[-1]], input=cell.encode("utf-8"), check=True)
            elif name in ("time", "timeit", "capture"):
                exec(compile(cell, "<cell>", "exec"), vars(main))
            elif name == "writefile":
                with open(line.strip(), "w", encoding="utf-8") as file:
                    file.write(cell)
            else:
                raise NameError("%%" + name + " needs IPython; add 'ipython' to the requirements of the task")

    only = Shell()
    return lambda: only


get_ipython = _clearml_get_ipython()
