# SPDX-License-Identifier: Apache-2.0
"""Solves and installs conda environments with py-rattler.

Reads a request as JSON from the standard input, reports progress on the standard error, and writes the answer as JSON into
the file that the request names. The member "action" of a request is one of

install    bring the packages in "specs" from "channels" into "prefix"; with "keep" without removing installed ones
elsewhere  find which of "names" the channels have for other systems only

and the member "outcome" of an answer is "installed", "missing" (with "names"), "unsatisfiable", "unreachable" (both with
"reason"), "failed" (with "reason") or "elsewhere" (with "names"). The exit code is 75 where a channel is unreachable, otherwise 0.
"""
import asyncio
import json
import os
import re
import sys
import time

import rattler
from rattler.exceptions import GatewayError, InstallerError, InvalidMatchSpecError, SolverError

SYSTEMS = ("linux-64", "linux-aarch64", "osx-64", "osx-arm64", "win-64")
TEMPORARY_FAILURE = 75  # EX_TEMPFAIL of sysexits.h
NO_SUCH_PART = "could not find subdir"


class Progress:
    """Overwrites one line while packages come in, and ends a line every ten seconds for consoles that keep lines."""

    def __init__(self):
        self.total = 0
        self.linked = 0
        self.sizes = {}
        self.names = {}
        self.package = ""
        self.width = 0
        self.shown = 0.0
        self.kept = time.monotonic()

    def show(self):
        now = time.monotonic()
        if now - self.shown < 0.5:
            return
        self.shown = now
        keep = now - self.kept >= 10
        if keep:
            self.kept = now
        self.write("%d of %d packages, %s, %s" % (self.linked, self.total, self.size(), self.package), keep)

    def size(self):
        return "%.1f MB" % (sum(self.sizes.values()) / 1e6)

    def write(self, text, ends):
        sys.stderr.write("\r" + text.ljust(self.width) + ("\n" if ends else ""))
        sys.stderr.flush()
        self.width = 0 if ends else len(text)

    def on_transaction_start(self, total_operations):
        self.total = total_operations

    def on_transaction_operation_start(self, operation):
        pass

    def on_populate_cache_start(self, operation, package_name):
        self.names[len(self.names)] = package_name
        self.package = package_name
        return len(self.names) - 1

    def on_validate_start(self, cache_entry):
        return cache_entry

    def on_validate_complete(self, validate_idx):
        pass

    def on_download_start(self, cache_entry):
        return cache_entry

    def on_download_progress(self, download_idx, progress, total):
        self.sizes[download_idx] = progress
        self.package = self.names.get(download_idx, "")
        self.show()

    def on_download_completed(self, download_idx):
        pass

    def on_populate_cache_complete(self, cache_entry):
        pass

    def on_unlink_start(self, operation, package_name):
        return operation

    def on_unlink_complete(self, index):
        pass

    def on_link_start(self, operation, package_name):
        self.package = package_name
        return operation

    def on_link_complete(self, index):
        self.linked += 1
        self.show()

    def on_post_link_start(self, package_name, script_path):
        return 0

    def on_post_link_complete(self, index, success):
        pass

    def on_pre_unlink_start(self, package_name, script_path):
        return 0

    def on_pre_unlink_complete(self, index, success):
        pass

    def on_transaction_operation_complete(self, operation):
        pass

    def on_transaction_complete(self):
        self.write("Installed %d packages, downloaded %s" % (self.linked, self.size()), True)


def say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def without_channel(spec):
    return rattler.MatchSpec(spec.rsplit("::", 1)[-1])


async def usable(gateway, channels, systems):
    """The channels that have packages for these systems."""
    found = []
    for channel in channels:
        try:
            await gateway.query([channel], systems, [rattler.MatchSpec("python")], recursive=False)
            found.append(channel)
        except GatewayError as error:
            if NO_SUCH_PART not in str(error):
                raise
            say("Channel '%s' has no packages for this system and is left out" % (channel.name or channel.base_url))
    return found


async def records(gateway, channels, systems, specs):
    groups = await gateway.query(channels, systems, specs, recursive=False)
    return [record for group in groups for record in group]


async def missing(gateway, channels, systems, specs):
    """The names of the specs that no package of the channels fulfils."""
    wanted = [without_channel(spec) for spec in specs]
    there = await records(gateway, channels, systems, wanted)
    return [
        spec.rsplit("::", 1)[-1].split(" ", 1)[0]
        for spec, match in zip(specs, wanted)
        if not any(match.matches(record) for record in there)
    ]


async def solution(gateway, channels, systems, specs, installed):
    """Solves with strict priority of the channels, then, as conda does by default, with packages of all of them."""
    common = dict(
        gateway=gateway,
        platforms=systems,
        virtual_packages=rattler.VirtualPackage.detect(rattler.VirtualPackageOverrides.from_env()),
        locked_packages=installed,
    )
    try:
        return await rattler.solve(channels, specs, channel_priority=rattler.ChannelPriority.Strict, **common)
    except SolverError:
        if len(channels) < 2:
            raise
        return await rattler.solve(channels, specs, channel_priority=rattler.ChannelPriority.Disabled, **common)


async def install(request, gateway, client, channels):
    systems = [request["system"], "noarch"]
    channels = await usable(gateway, channels, systems)
    specs = list(request["specs"])
    absent = await missing(gateway, channels, systems, specs)
    if absent:
        return {"outcome": "missing", "names": absent}
    installed = []
    prefix = request["prefix"]
    if request["keep"]:
        folder = os.path.join(prefix, "conda-meta")
        installed = [
            rattler.PrefixRecord.from_path(os.path.join(folder, name))
            for name in sorted(os.listdir(folder))
            if name.endswith(".json")
        ]
        named = {spec.rsplit("::", 1)[-1].split(" ", 1)[0] for spec in specs}
        specs += [record.name.normalized for record in installed if record.name.normalized not in named]
    started = time.monotonic()
    try:
        solved = await solution(gateway, channels, systems, specs, installed)
    except SolverError as error:
        return {"outcome": "unsatisfiable", "reason": str(error)}
    say("Solved %d packages in %.1f s" % (len(solved), time.monotonic() - started))
    await rattler.install(
        solved,
        target_prefix=prefix,
        cache_dir=request["packages"],
        client=client,
        reporter=Progress(),
        execute_link_scripts=True,
    )
    return {"outcome": "installed"}


async def elsewhere(request, gateway, channels):
    """The names that the channels have for other systems only."""
    wanted = [rattler.MatchSpec(name) for name in request["names"]]
    found = set()
    for system in SYSTEMS:
        if system != request["system"]:
            found |= await names_in(gateway, channels, [system], wanted)
    here = await names_in(gateway, channels, [request["system"], "noarch"], wanted)
    return {"outcome": "elsewhere", "names": sorted(found - here)}


async def names_in(gateway, channels, systems, specs):
    found = set()
    for channel in channels:
        try:
            there = await records(gateway, [channel], systems, specs)
        except GatewayError:
            continue  # a channel that cannot be read answers nothing
        found.update(record.name.normalized for record in there if record.subdir in systems)
    return found


async def answer(request):
    client = rattler.Client.default_client()
    gateway = rattler.Gateway(cache_dir=request["repodata"], client=client)
    alias = request["alias"]
    configuration = rattler.ChannelConfig(alias) if alias else rattler.ChannelConfig()
    channels = [rattler.Channel(name, configuration) for name in request["channels"]]
    try:
        if request["action"] == "elsewhere":
            return await elsewhere(request, gateway, channels)
        return await install(request, gateway, client, channels)
    except GatewayError as error:
        return {"outcome": "unreachable", "reason": str(error)}
    except (InstallerError, InvalidMatchSpecError) as error:
        return {"outcome": "failed", "reason": str(error)}


def main():
    request = json.load(sys.stdin)
    result = asyncio.run(answer(request))
    with open(request["answer"], "w", encoding="utf-8") as file:
        json.dump(result, file, ensure_ascii=False)
    unreachable = request["action"] == "install" and result["outcome"] == "unreachable"
    if unreachable:
        # the agent tries again if the reason is a fault of the network; addresses of channels may hold passwords
        print(re.sub(r"//[^/@\s]*@", "//", result["reason"]), file=sys.stderr)
    sys.stderr.flush()
    os._exit(TEMPORARY_FAILURE if unreachable else 0)  # the threads of the library do not always survive the interpreter's own end


main()
