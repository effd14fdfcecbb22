# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # part of ./clearml-agent, whose variables it reads
#
# Builds the distribution into a folder of its own and makes it the current one. Says what it does on standard error; a
# build that fails ends the command, and nothing runs.

say() {
    printf 'clearml-agent: %s\n' "$1" >&2
}

fail() {
    say "$1"
    exit 1
}

command -v flock >/dev/null 2>&1 || fail "the command 'flock' is missing: install the package util-linux"
root=$(cd -P -- "$root" && pwd -P) || exit 1
installed=$root/distribution/.installed
current=$installed/current
log=$installed/build.log
mkdir -p "$installed" || fail "cannot create '$installed', where builds are kept"

# Builds of one clone run one after another; a build that waited finds the work done.
exec 9>"$installed/lock" || fail "cannot write '$installed/lock'"
if ! flock -n 9; then
    say "another command is building this clone; waiting for it"
    flock 9
fi

follow() { # $1: process of the build; on a terminal, one line that says which module is being built
    while kill -0 "$1" 2>/dev/null; do
        module=$(sed -n 's/^.*Building \(.*\) [^ ]* *\(\[[0-9/]*\]\)$/\2 \1/p' "$log" | tail -n 1)
        printf '\r\033[K  %s' "${module:-looking at the modules}" >&2
        sleep 0.3
    done
    printf '\r\033[K' >&2
}

build() { # into the folder $1
    # Made before the sources are read: what changes while they are read is built by the next command.
    : >"$installed/.built-from"
    "$root/build" package -pl distribution -am -Ddistribution.format=dir -Dmaven.test.skip=true -Dspotless.check.skip=true \
        -Denforcer.skip=true -Dmdep.analyze.skip=true -Dsdk.documented=false >"$log" 2>&1 9>&- &
    process=$!
    trap 'kill "$process" 2>/dev/null; exit 130' INT TERM
    if [ -t 2 ]; then follow "$process"; fi
    wait "$process" || return 1
    trap - INT TERM
    mv "$root"/distribution/target/clearml-agent-*/clearml-agent-* "$1" && mv "$installed/.built-from" "$1/.built-from"
}

in_use() { # whether a process runs from the folder $1, or is about to run from whatever is current
    # The patterns come by standard input, or grep would find itself.
    printf '%s\n' "$1/" "/.installed/current/bin/" | grep -aqF -f - /proc/[0-9]*/cmdline 2>/dev/null
}

if ! up_to_date; then
    say "building this clone, which takes a minute the first time; log: $log"
    started=$(date +%s)
    folder=$installed/$(date -u +%Y%m%dT%H%M%S)-$$
    if ! build "$folder"; then
        grep -a '^\[ERROR\]\|^build: ' "$log" | head -n 15 >&2
        fail "the build failed and nothing was run; the whole log is in '$log'"
    fi
    CLEARML_AGENT_AOT=make "$folder/bin/clearml-agent" 9>&- >>"$log" 2>&1 ||
        say "the start-up cache could not be made; commands start more slowly"
    ln -s "${folder##*/}" "$installed/current.new.$$" && mv -fT "$installed/current.new.$$" "$current" ||
        fail "cannot switch '$current' to '$folder'"
    for old in "$installed"/[0-9]*T*-*; do
        [ "$old" = "$folder" ] || in_use "$old" || rm -rf "$old"
    done
    say "built in $(($(date +%s) - started)) s"
fi
exec 9>&-
