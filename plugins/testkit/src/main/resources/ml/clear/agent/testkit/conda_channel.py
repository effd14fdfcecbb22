# SPDX-License-Identifier: Apache-2.0
"""Writes a small conda channel into the folder of the first argument.

The standard input has a line for each package: kind, name, version, build, system and dependencies, separated by tabs, the
dependencies by semicolons. The kinds are

interpreter  the interpreter that runs this program, as links into it
pip          the pip that comes with the interpreter
module       a Python module with a VERSION and a command that prints it
plain        a file
prefixed     files in which the path of the environment is written, and a script for its activation
"""
import glob
import hashlib
import importlib.util
import io
import json
import os
import sys
import sysconfig
import tarfile
import zipfile

SERIES = "%d.%d" % sys.version_info[:2]
PLACEHOLDER = "/placeholder" * 20


class Package:
    def __init__(self, name, version, build, system, depends):
        self.index = dict(
            name=name, version=version, build=build, build_number=0, depends=depends, subdir=system, timestamp=0
        )
        self.members = []
        self.paths = []
        self.entry_points = []
        if system == "noarch":
            self.index["noarch"] = "python"

    def file(self, path, content, mode=0o644, prefix=None):
        data = content if isinstance(content, bytes) else content.encode()
        entry = dict(
            _path=path, path_type="hardlink", sha256=hashlib.sha256(data).hexdigest(), size_in_bytes=len(data)
        )
        if prefix:
            entry.update(prefix_placeholder=PLACEHOLDER, file_mode=prefix)
        self.paths.append(entry)
        self.members.append((path, data, mode, None))

    def link(self, path, target):
        self.paths.append(dict(_path=path, path_type="softlink", sha256=hashlib.sha256(b"").hexdigest(), size_in_bytes=0))
        self.members.append((path, b"", 0o777, target))

    def write(self, folder):
        name = "%(name)s-%(version)s-%(build)s.tar.bz2" % self.index
        members = self.members + [
            ("info/index.json", json.dumps(self.index).encode(), 0o644, None),
            ("info/paths.json", json.dumps(dict(paths=self.paths, paths_version=1)).encode(), 0o644, None),
        ]
        if self.entry_points:
            link = dict(noarch=dict(type="python", entry_points=self.entry_points), package_metadata_version=1)
            members.append(("info/link.json", json.dumps(link).encode(), 0o644, None))
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:bz2", compresslevel=1) as tar:
            for path, data, mode, target in members:
                member = tarfile.TarInfo(path)
                member.mode = mode
                member.size = len(data)
                if target:
                    member.type = tarfile.SYMTYPE
                    member.linkname = target
                tar.addfile(member, io.BytesIO(data))
        data = archive.getvalue()
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
        return name, dict(
            self.index, md5=hashlib.md5(data).hexdigest(), sha256=hashlib.sha256(data).hexdigest(), size=len(data)
        )


def interpreter(package):
    program = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    package.link("bin/python" + SERIES, program)
    package.link("bin/python3", "python" + SERIES)
    package.link("bin/python", "python" + SERIES)
    package.link("lib/python3.1", "python" + SERIES)
    package.file(
        "pyvenv.cfg", "home = %s\ninclude-system-site-packages = false\n" % os.path.dirname(program)
    )
    package.file("lib/python%s/site-packages/README.txt" % SERIES, "Packages\n")


def wheel(name):
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR") or ""]
    ensurepip = importlib.util.find_spec("ensurepip")
    if ensurepip:
        folders.append(os.path.join(list(ensurepip.submodule_search_locations)[0], "_bundled"))
    found = [file for folder in folders if folder for file in glob.glob(os.path.join(folder, name + "-*.whl"))]
    if not found:
        sys.exit("the interpreter brings no wheel of " + name + "; install its module ensurepip")
    return sorted(found)[-1]


def pip(package):
    with zipfile.ZipFile(wheel("pip")) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                package.file("site-packages/" + member.filename, archive.read(member))
    package.entry_points.append("pip = pip._internal.cli.main:main")


def module(package):
    name, version = package.index["name"], package.index["version"]
    information = "site-packages/%s-%s.dist-info/" % (name, version)
    package.file(
        "site-packages/%s/__init__.py" % name,
        "VERSION = '%s'\n\ndef main():\n    print('%s', VERSION)\n" % (version, name),
    )
    package.file(information + "METADATA", "Metadata-Version: 2.1\nName: %s\nVersion: %s\n\n" % (name, version))
    package.file(information + "INSTALLER", "conda")
    package.file(information + "RECORD", "")
    package.entry_points.append("%s = %s:main" % (name, name))


def plain(package):
    package.file("share/%s.txt" % package.index["name"], package.index["build"])


def prefixed(package):
    name = package.index["name"]
    package.file("share/%s/place.txt" % name, "it is at %s/share\n" % PLACEHOLDER, prefix="text")
    program = b"\x7fELF\0" + (PLACEHOLDER + "/lib").encode() + b"\0behind\0"
    package.file("share/%s/program.bin" % name, program, prefix="binary")
    package.file("bin/" + name, "#!%s/bin/python\nimport sys\nprint(sys.prefix)\n" % PLACEHOLDER, 0o755, prefix="text")
    package.file("etc/conda/activate.d/%s.sh" % name, 'export %s_HOME="$CONDA_PREFIX/share"\n' % name.upper())


KINDS = dict(interpreter=interpreter, pip=pip, module=module, plain=plain, prefixed=prefixed)


def main():
    root = sys.argv[1]
    packages = {"noarch": {}}
    for line in sys.stdin.read().splitlines():
        kind, name, version, build, system, depends = line.split("\t")
        if kind == "interpreter":
            version = "%d.%d.%d" % sys.version_info[:3]
        elif kind == "pip":
            version = os.path.basename(wheel("pip")).split("-")[1]
        package = Package(name, version, build, system, [one for one in depends.split(";") if one])
        KINDS[kind](package)
        os.makedirs(os.path.join(root, system), exist_ok=True)
        file, entry = package.write(os.path.join(root, system))
        packages.setdefault(system, {})[file] = entry
    for system, entries in packages.items():
        os.makedirs(os.path.join(root, system), exist_ok=True)
        content = {"info": {"subdir": system}, "packages": entries, "packages.conda": {}, "repodata_version": 1}
        with open(os.path.join(root, system, "repodata.json"), "w") as file:
            json.dump(content, file)


main()
