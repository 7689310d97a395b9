"""Processes that begin at once: one is forked from the server while it is young, and forks another for each run.

Starting Python and loading torch takes seconds and memory of its own; what is forked shares the server's, and begins
within milliseconds. A server with visitors has threads, and a fork of it would have their locks without them: so the
process between is forked before the first visitor comes, when nothing but Streamlit's file watchers and the threads of
OpenBLAS (which ends and begins them around a fork) stand beside. It has one thread only, and waits. It gives itself a
lower priority, which its children have from it, and ends with the server, and they with it.
"""

import gc
import os
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NoReturn, TextIO

CAN_FORK = sys.platform == "linux"  # the libraries of macOS do not survive it, Windows has none
ANSWER_SECONDS = 60.0  # in which it forks, on a busy machine that has only just begun to prepare
NICE = 10  # a visitor's stroke comes first
PID = struct.Struct("i")


class Forked:
    """One run's process, as `subprocess.Popen` is asked: lines to its `stdin`, lines from its `stdout`, signals."""

    def __init__(self, process: int, ours: socket.socket) -> None:
        self.pid = process
        self.stdin, self.stdout = ours.makefile("w", encoding="utf-8"), ours.makefile("r", encoding="utf-8")
        self._line, self._gone = ours, False

    def send_signal(self, number: int) -> None:
        """Send it one, unless it has ended."""
        if not self._gone:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it, in whatever state."""
        self.send_signal(signal.SIGKILL)

    def wait(self) -> None:
        """Until it has ended: the line to it is shut then, and read to its end."""
        with suppress(OSError, ValueError):
            while self.stdout.read(4096):
                pass
        self._gone = True
        for part in (self.stdin, self.stdout, self._line):
            with suppress(OSError):  # what was to be written and nobody reads
                part.close()


class Nest:
    """The process between the server and its runs.

    prepare: what it does once, at its own priority, before it serves. work(asked, answer): what each run's process
    does, by lines that it reads and writes.
    """

    def __init__(self, prepare: Callable[[], None], work: Callable[[TextIO, TextIO], None]) -> None:
        self._channel, theirs = socket.socketpair()
        self._lock = threading.Lock()
        self._channel.settimeout(ANSWER_SECONDS)
        self.pid = os.fork()
        if not self.pid:
            _end_after(partial(_serve, theirs, prepare, work))
        theirs.close()

    def fork(self) -> Forked:
        """A process that waits for its line; raises `OSError` where the nest has ended."""
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            socket.send_fds(self._channel, [b"."], [theirs.fileno()])
            answer = self._channel.recv(PID.size)
        if len(answer) < PID.size:
            ours.close()
            raise ConnectionError("the nest has ended")
        return Forked(PID.unpack(answer)[0], ours)

    def close(self) -> None:
        """Let it end, and what it has forked."""
        self._channel.close()


def _end_after(work: Callable[[], None]) -> NoReturn:
    """Do it and end the process: nothing of the server that it was forked from may run in it."""
    try:
        work()
    except (BrokenPipeError, ConnectionResetError):  # nobody listens any more
        os._exit(1)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _serve(channel: socket.socket, prepare: Callable[[], None], work: Callable[[TextIO, TextIO], None]) -> None:
    """In the nest: fork whenever that is asked for, until nobody can ask any more."""
    gc.freeze()  # what is looked at is copied
    _forget_the_server(channel.fileno())
    os.nice(NICE)
    prepare()
    runs: list[int] = []
    while True:
        asked, lines, *_ = socket.recv_fds(channel, 1, 1)
        runs = [run for run in runs if not os.waitpid(run, os.WNOHANG)[0]]
        if not asked:
            break
        run = os.fork()
        if not run:
            channel.close()
            line = socket.socket(fileno=lines[0])
            _end_after(partial(work, line.makefile("r", encoding="utf-8"), line.makefile("w", encoding="utf-8")))
        os.close(lines[0])
        runs.append(run)
        channel.send(PID.pack(run))
    for run in runs:
        os.kill(run, signal.SIGKILL)


def _forget_the_server(kept: int) -> None:
    """Its signals and its open files, the socket that it listens at among them, are not this process's."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
