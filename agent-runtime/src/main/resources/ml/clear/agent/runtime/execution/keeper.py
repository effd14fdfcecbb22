# SPDX-License-Identifier: Apache-2.0
"""Has a task's process as its child, writes its output to the spool and its end to the exit record.

Started as: python -I -S -E keeper.py FOLDER. Outlives the agent. Python 3.6 or newer, standard library only, and of that
only what loads quickly: no json, no signal (its enums), no subprocess.

Files of the folder:
  launch               what to run: NUL-terminated fields; claimed by renaming it, then deleted, for it holds secrets
  keeper.properties    who the keeper is; with claimed=1 once the launch is its own and the process may exist
  process.properties   who the task's process is
  exit.properties      how it ended; fsynced, then renamed into place
  complete.properties  the spool has all it will ever get; what was lost and not yet marked in it
  spool/NNNNNNNN.log   the output, in segments
exit.reserved, complete.reserved and segment.reserved hold blocks from the start, so that a full disk can keep neither the
two records nor the next segment from being written.
"""

import os
import sys

try:
    import _signal as signals
except ImportError:  # not every interpreter has the bare module
    import signal as signals
import fcntl
import select
import time

FORMAT = 2
SEGMENT_BYTES = 16 << 20
SMALLEST_SEGMENT_BYTES = 64 << 10
CHUNK_BYTES = 256 << 10
SMALL_READ = 32 << 10
PIPE_BYTES = 1 << 20
RESERVED_BYTES = 16 << 10
F_SETPIPE_SZ = 1031
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
COALESCE_MILLISECONDS = 2
RETRY_SECONDS = 0.25


class Facts:
    """Small files of name=value lines, in the form that java.util.Properties reads."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def reserve(self, name):
        descriptor = os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, b"#" + b" " * (RESERVED_BYTES - 2) + b"\n")
        finally:
            os.close(descriptor)

    def write(self, name, facts, reserved=None, durable=False):
        text = "".join("%s=%s\n" % (key, self.escape(str(value))) for key, value in facts).encode("ascii")
        temporary = self.path(reserved or name + ".new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(temporary, flags if reserved else flags | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, text)
            os.ftruncate(descriptor, len(text))
            if durable:
                self.sync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(temporary, self.path(name))
        if durable:
            self.sync_folder()

    def sync_folder(self):
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.sync(descriptor)
        finally:
            os.close(descriptor)

    @staticmethod
    def sync(descriptor):
        try:
            os.fsync(descriptor)
        except OSError:
            pass  # some file systems cannot; the record is still readable until the machine stops

    @staticmethod
    def escape(text):
        out = []
        for character in text:
            code = ord(character)
            if 32 < code < 127 and character != "\\":
                out.append(character)
            elif code == 32 and out:
                out.append(character)
            elif code < 0x10000:
                out.append("\\u%04x" % code)
            else:
                code -= 0x10000
                out.append("\\u%04x\\u%04x" % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF)))
        return "".join(out)


def first_line(path):
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read(4096).decode("ascii", "replace").strip()
    except OSError:
        return ""


def stat_fields(pid):
    """Name, then the fields from the state on; the name may hold spaces and parentheses."""
    with open("/proc/%d/stat" % pid, "rb", buffering=0) as file:
        text = file.read(4096)
    end = text.rindex(b")")
    return text[text.index(b"(") + 1 : end].decode("utf-8", "replace"), text[end + 2 :].split()


def identity(pid):
    return [
        ("format", FORMAT),
        ("pid", pid),
        ("boot", first_line("/proc/sys/kernel/random/boot_id")),
        ("ticks", int(stat_fields(pid)[1][19])),
    ]


class Launch:
    """What to run, read once and then deleted."""

    def __init__(self, facts, umask):
        claimed = facts.path("launch.claimed")
        os.rename(facts.path("launch"), claimed)
        with open(claimed, "rb") as file:
            fields = file.read().split(b"\0")
        os.unlink(claimed)
        self.umask = umask
        self.arguments = []
        self.environment = {}
        self.directory = b"/"
        self.user = ""
        self.spool_limit = 1 << 40
        self.drain_seconds = 2.0
        for field in fields:
            key, _, value = field.partition(b"=")
            if key == b"argument":
                self.arguments.append(value)
            elif key == b"variable":
                name, _, text = value.partition(b"=")
                self.environment[name] = text
            elif key == b"directory":
                self.directory = value
            elif key == b"user":
                self.user = value.decode("utf-8")
            elif key == b"spoolLimit":
                self.spool_limit = int(value)
            elif key == b"drainMillis":
                self.drain_seconds = int(value) / 1000.0


class Spool:
    """Appends to segments. Never fails: what cannot be written is counted, and marked where it is missing."""

    RESERVED = "segment.reserved"

    def __init__(self, facts, limit):
        self.facts = facts
        self.folder = os.path.join(os.fsencode(facts.folder), b"spool")
        self.limit = limit
        # The reader deletes whole segments, so a small limit needs small ones to give room back in time.
        self.segment_bytes = min(SEGMENT_BYTES, max(limit // 4, SMALLEST_SEGMENT_BYTES))
        self.index = 1 + max([-1] + [int(name[:8]) for name in os.listdir(self.folder) if name.endswith(b".log")])
        self.descriptor = -1
        self.size = 0
        self.others = self.bytes_of_others()
        self.measured = 0.0
        self.line_open = False
        self.left_full = False
        self.lost = 0
        self.lost_total = 0
        self.reason = ""
        self.retry_at = 0.0
        self.reserve()

    def append(self, data):
        if self.lost:
            data = self.resume(data)
        view = memoryview(data)
        while len(view):
            problem = self.room()
            written = 0
            if not problem:
                try:
                    written = os.write(self.descriptor, view[: max(1, self.segment_bytes - self.size)])
                except OSError as error:
                    problem = os.strerror(error.errno)
            if problem:
                self.lose(len(view), problem)
                self.leave_full()
                return
            self.size += written
            self.left_full = False
            self.line_open = view[written - 1] != 10
            view = view[written:]

    def resume(self, data):
        """Mark the gap and return what can be written again; it begins at the start of a line where there is one."""
        if time.monotonic() < self.retry_at:
            self.lose(len(data), self.reason)
            return b""
        rest = data.find(b"\n") + 1
        self.lose(rest, self.reason)
        if not self.mark():
            self.lose(len(data) - rest, self.reason)
            return b""
        return data[rest:]

    def mark(self):
        self.retry_at = time.monotonic() + RETRY_SECONDS
        self.measured = 0.0
        if self.room():
            self.leave_full()
            return False
        text = "%sclearml-agent: %d bytes of output are missing here: %s\n" % (
            "\n" if self.line_open else "",
            self.lost,
            self.reason,
        )
        text = text.encode("utf-8", "replace")
        try:
            if os.write(self.descriptor, text) != len(text):
                os.ftruncate(self.descriptor, self.size)
                self.leave_full()
                return False
        except OSError:
            self.leave_full()
            return False
        self.size += len(text)
        self.left_full = False
        self.line_open = False
        self.lost = 0
        self.reserve()
        return True

    def lose(self, count, reason):
        if not self.lost:
            self.retry_at = time.monotonic() + RETRY_SECONDS
        self.lost += count
        self.lost_total += count
        self.reason = reason

    def room(self):
        """Empty when a byte may be written, else why not."""
        if self.descriptor < 0 or self.size >= self.segment_bytes:
            problem = self.open_next()
            if problem:
                return problem
        if self.others + self.size < self.limit:
            return ""
        now = time.monotonic()
        if now - self.measured >= RETRY_SECONDS:
            self.measured = now
            self.others = self.bytes_of_others()
        return "" if self.others + self.size < self.limit else self.limit_reached()

    def limit_reached(self):
        return "the spool's limit of %d bytes is reached" % self.limit

    def open_next(self):
        if self.others + self.size >= self.limit:
            self.others = self.bytes_of_others()
            if self.others + self.size >= self.limit:
                return self.limit_reached()
        try:
            descriptor = os.open(self.next_name(), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            return os.strerror(error.errno)
        self.go_on_with(descriptor, 0)
        return ""

    def leave_full(self):
        """Begin a segment in reserved blocks, with the end of an open line at most: the reader can delete the full one."""
        if self.left_full or self.descriptor < 0:
            return
        end = b"\n" if self.line_open else b""
        reserved = self.facts.path(self.RESERVED)
        try:
            descriptor = os.open(reserved, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return
        try:
            if os.write(descriptor, end) != len(end):
                raise OSError()
            os.ftruncate(descriptor, len(end))
            fcntl.fcntl(descriptor, fcntl.F_SETFL, os.O_APPEND)
            os.rename(os.fsencode(reserved), self.next_name())
        except OSError:
            os.close(descriptor)
            return
        self.go_on_with(descriptor, len(end))
        self.left_full = True
        self.line_open = False

    def go_on_with(self, descriptor, size):
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor = descriptor
        self.others += self.size
        self.size = size
        self.index += 1

    def next_name(self):
        return os.path.join(self.folder, b"%08d.log" % self.index)

    def reserve(self):
        try:
            if os.stat(self.facts.path(self.RESERVED)).st_size >= RESERVED_BYTES:
                return
        except OSError:
            pass
        try:
            self.facts.reserve(self.RESERVED)
        except OSError:
            pass  # full again; what is reserved of it may be enough

    def bytes_of_others(self):
        """The reader deletes segments as it goes; without a look they are only ever added to."""
        total = 0
        current = b"%08d.log" % (self.index - 1) if self.descriptor >= 0 else b""
        try:
            for name in os.listdir(self.folder):
                if name != current:
                    try:
                        total += os.stat(os.path.join(self.folder, name)).st_size
                    except OSError:
                        pass
        except OSError:
            pass
        return total

    def close(self):
        if self.lost and self.mark():
            self.reason = ""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class Memory:
    """What the control group and the kernel say about memory; zeros where they say nothing."""

    def __init__(self):
        self.events, self.peaks = self.locate()
        self.kills_before = self.kills()

    @staticmethod
    def locate():
        events, peaks = [], []
        try:
            with open("/proc/self/cgroup", "rb") as file:
                lines = file.read().decode("utf-8", "surrogateescape").splitlines()
        except OSError:
            return events, peaks
        for line in lines:
            _, controllers, path = line.split(":", 2)
            if not controllers:
                bases = ["/sys/fs/cgroup" + path, "/sys/fs/cgroup"]
                names = ("memory.events", "memory.peak")
            elif "memory" in controllers.split(","):
                bases = ["/sys/fs/cgroup/memory" + path, "/sys/fs/cgroup/memory"]
                names = ("memory.oom_control", "memory.max_usage_in_bytes")
            else:
                continue
            for base in bases:
                if os.path.exists(os.path.join(base, names[0])):
                    events.append(os.path.join(base, names[0]))
                    peaks.append(os.path.join(base, names[1]))
                    break
        return events, peaks

    def kills(self):
        total = 0
        for path in self.events or ["/proc/vmstat"]:
            try:
                with open(path, "rb") as file:
                    for line in file:
                        words = line.split()
                        if len(words) == 2 and words[0] == b"oom_kill":
                            total += int(words[1])
            except OSError:
                pass
        return total

    def kills_since(self):
        return max(0, self.kills() - self.kills_before)

    def peak(self):
        for path in self.peaks:
            value = first_line(path)
            if value.isdigit():
                return int(value)
        return 0


def prctl(option, value):
    """Whether it worked; without ctypes it cannot."""
    try:
        import ctypes

        return ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0
    except (ImportError, OSError, AttributeError):
        return False


def default_signals():
    """In the child: what the keeper ignores must not be inherited through exec."""
    for number in range(1, 65):
        try:
            if signals.getsignal(number) == signals.SIG_IGN:
                signals.signal(number, signals.SIG_DFL)
        except (OSError, ValueError):
            pass
    signals.pthread_sigmask(signals.SIG_SETMASK, [])


def become(launch):
    """Run as another user from now on, in whose home the task finds its files."""
    import pwd

    entry = pwd.getpwnam(launch.user)
    os.initgroups(launch.user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    for name, value in (("HOME", entry.pw_dir), ("USER", launch.user), ("LOGNAME", launch.user)):
        launch.environment[name.encode()] = os.fsencode(value)


def child(launch, output, report, keeper_pid, tied):
    """Become the task's process; writes the reason to the report pipe when that fails."""
    step = b"start"
    try:
        os.setsid()
        default_signals()
        if tied:
            prctl(PR_SET_PDEATHSIG, 9)
            if os.getppid() != keeper_pid:
                os._exit(126)
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        if launch.user:
            step = b"run as user '" + launch.user.encode() + b"'"
            become(launch)
        step = b"enter folder '" + launch.directory + b"'"
        os.chdir(launch.directory)
        os.umask(launch.umask)
        step = b"run '" + launch.arguments[0] + b"'"
        os.execvpe(launch.arguments[0], launch.arguments, launch.environment)
    except OSError as error:
        os.write(report, b"cannot " + step + b": " + os.strerror(error.errno).encode())
    except BaseException as error:
        os.write(report, b"cannot " + step + b": " + repr(error).encode("utf-8", "replace"))
    finally:
        os._exit(127)


def start(launch, tied):
    """The child's pid, the reading end of its output, and why it could not be started."""
    reading, writing = os.pipe()
    for size in (PIPE_BYTES, PIPE_BYTES // 4):
        try:
            fcntl.fcntl(writing, F_SETPIPE_SZ, size)
            break
        except OSError:
            pass
    report_reading, report_writing = os.pipe()
    keeper_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        child(launch, writing, report_writing, keeper_pid, tied)
    os.close(writing)
    os.close(report_writing)
    return pid, reading, report_reading


def descendants(root):
    """Pid and name of all that live below this process."""
    parents, names = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                name, fields = stat_fields(int(entry))
            except (OSError, ValueError):
                continue
            if fields[0] not in (b"Z", b"X"):
                parents[int(entry)] = int(fields[1])
                names[int(entry)] = name
    found = []
    for pid in parents:
        above, steps = pid, 0
        while above in parents and above != root and steps < 10000:
            above, steps = parents[above], steps + 1
        if above == root and pid != root:
            found.append((pid, names[pid]))
    return sorted(found)


class Keeper:
    """The loop: output to the spool, ends of children to the record."""

    def __init__(self, folder, umask):
        self.facts = Facts(folder)
        self.umask = umask
        self.end = None
        self.complete = False
        self.deadline = None

    def run(self):
        self.facts.reserve("exit.reserved")
        self.facts.reserve("complete.reserved")
        reaper = prctl(PR_SET_CHILD_SUBREAPER, 1)
        self_facts = identity(os.getpid()) + [("reaper", int(reaper))]
        self.facts.write("keeper.properties", self_facts)
        try:
            launch = Launch(self.facts, self.umask)
        except FileNotFoundError:
            return  # the agent has given this execution up
        self.facts.write("keeper.properties", self_facts + [("claimed", 1)])  # before anything is started
        self.spool = Spool(self.facts, launch.spool_limit)
        self.drain_seconds = launch.drain_seconds
        self.memory = Memory()
        wake_reading, wake_writing = os.pipe()
        os.set_blocking(wake_reading, False)
        os.set_blocking(wake_writing, False)
        signals.set_wakeup_fd(wake_writing)
        signals.signal(signals.SIGCHLD, lambda number, frame: None)
        self.pid, self.output, report = start(launch, reaper)
        who = identity(self.pid)
        trouble = b""
        while True:
            piece = os.read(report, 4096)
            if not piece:
                break
            trouble += piece
        os.close(report)
        self.who = who
        self.trouble = trouble.decode("utf-8", "replace")
        if not trouble:
            self.facts.write("process.properties", who)
        del launch
        os.set_blocking(self.output, False)
        self.wake = wake_reading
        self.follow()

    def follow(self):
        poller = select.poll()
        poller.register(self.wake, select.POLLIN)
        poller.register(self.output, select.POLLIN)
        calm = select.poll()
        calm.register(self.wake, select.POLLIN)
        while True:
            ready = dict(poller.poll(self.patience()))
            if self.wake in ready:
                self.drain_wake()
                self.reap()
            count = self.pass_on() if self.output in ready else -1
            if count == 0:
                break
            if self.deadline is not None and time.monotonic() >= self.deadline:
                self.finish()
            if 0 < count < SMALL_READ and calm.poll(COALESCE_MILLISECONDS):
                self.drain_wake()
                self.reap()
        os.close(self.output)
        self.output = -1
        while self.end is None:  # closed its output and lives on
            calm.poll(None)
            self.drain_wake()
            self.reap()
        self.finish()
        # Goes on as the reaper of what was left, so that a late stop still finds it.
        while self.reap():
            calm.poll(None)
            self.drain_wake()

    def patience(self):
        if self.deadline is None:
            return None
        return max(1, int((self.deadline - time.monotonic()) * 1000) + 1)

    def drain_wake(self):
        try:
            while len(os.read(self.wake, 4096)) == 4096:
                pass
        except BlockingIOError:
            pass

    def pass_on(self):
        """Move one chunk to the spool; how many bytes, 0 at the end of the pipe."""
        if self.output < 0:
            return 0
        try:
            data = os.read(self.output, CHUNK_BYTES)
        except BlockingIOError:
            return -1
        if data and not self.complete:
            self.spool.append(data)
        return len(data)

    def reap(self):
        """Collect every child that ended; whether any is left."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.pid and self.end is None:
                self.end = status
                self.drain_present()
                self.record(status, usage)

    def drain_present(self):
        """What the process wrote before it ended is in the spool before its record is; others may write for ever."""
        budget = 2 * PIPE_BYTES
        while budget > 0:
            count = self.pass_on()
            if count <= 0:
                return
            budget -= count

    def record(self, status, usage):
        facts = list(self.who)
        if self.trouble:
            facts.append(("trouble", self.trouble))
        elif os.WIFSIGNALED(status):
            facts.append(("signal", os.WTERMSIG(status)))
        else:
            facts.append(("code", os.WEXITSTATUS(status)))
        facts.append(("time", int(time.time() * 1000)))
        facts.append(("resident", usage.ru_maxrss * 1024))
        facts.append(("peak", self.memory.peak()))
        facts.append(("memoryKills", self.memory.kills_since()))
        left = descendants(os.getpid())
        facts.append(("left", len(left)))
        for number, (pid, name) in enumerate(left[:50]):
            facts.append(("left.%d" % number, "%d %s" % (pid, name)))
        self.facts.write("exit.properties", facts, reserved="exit.reserved", durable=True)
        self.deadline = time.monotonic() + self.drain_seconds

    def finish(self):
        """The spool is complete; what comes later from left processes is read and dropped, so that they never block."""
        self.deadline = None
        if self.complete:
            return
        self.complete = True
        self.spool.close()
        facts = [
            ("format", FORMAT),
            ("lost", self.spool.lost_total),
            ("unmarked", self.spool.lost),
            ("reason", self.spool.reason),
        ]
        try:
            self.facts.write("complete.properties", facts, reserved="complete.reserved")
        except OSError:
            pass  # the folder was deleted: nothing reads this any more


def main():
    folder = os.path.abspath(sys.argv[1])
    try:
        os.setsid()
    except OSError:
        pass  # is a leader already
    for number in (1, 2, 3, 13, 15):  # hangup, interrupt, quit, pipe, terminate: to stop the task, signal the task
        signals.signal(number, signals.SIG_IGN)
    umask = os.umask(0o077)
    os.chdir("/")
    Keeper(folder, umask).run()


if __name__ == "__main__":
    main()
