"""One disposable child, seen from the parent: started, spoken to under a deadline, ended."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO

from fairgate.errors import WorkerFault

_PIPE_BYTES = 1 << 20
_PASSED_ON = ("LD_LIBRARY_PATH",)
"""The child's whole environment: keys and settings in the parent's stay there."""


class ChildGone(Exception):
    """The child closed its end or died; never leaves this room."""


class ChildTooSlow(Exception):
    """The deadline passed; never leaves this room."""


class ChildProcess:
    """A child started with ``python -I -m module``, with a pipe in each direction.

    Args:
        module: what to run.
        arguments: for it.

    Raises:
        WorkerFault: it cannot be started.
    """

    def __init__(self, module: str, arguments: list[str]) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=environment,
                bufsize=0,
                start_new_session=True,  # a Ctrl-C is for the parent to handle
            )
        except OSError as cause:
            raise WorkerFault("The process that decodes images could not be started.") from cause
        self._requests, self._answers = _prepared(self._process.stdin), _prepared(self._process.stdout)

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Say whether it runs still."""
        return self._process.poll() is None

    def send(self, content: bytes | memoryview, deadline: float) -> None:
        """Write all bytes.

        Args:
            content: encoded bytes; no view of them outlives the call.
            deadline: on :func:`time.monotonic`.

        Raises:
            ChildGone: it died or closed its end.
            ChildTooSlow: the deadline passed.
        """
        with memoryview(content) as view:
            at = 0
            while at < len(view):
                _wait(self._requests, select.POLLOUT, deadline)
                with suppress(BlockingIOError), view[at : at + _PIPE_BYTES] as part:
                    try:
                        at += os.write(self._requests, part)
                    except BrokenPipeError as cause:
                        raise ChildGone from cause

    def receive_into(self, target: memoryview, deadline: float) -> None:
        """Fill the target with the next bytes; raises as :meth:`send` does."""
        at = 0
        while at < len(target):
            _wait(self._answers, select.POLLIN, deadline)
            with suppress(BlockingIOError):
                got = os.readv(self._answers, [target[at:]])
                if got == 0:
                    raise ChildGone
                at += got

    def receive(self, count: int, deadline: float) -> bytes:
        """Return the next so many bytes; raises as :meth:`send` does."""
        taken = bytearray(count)
        self.receive_into(memoryview(taken), deadline)
        return bytes(taken)

    def end(self, grace_seconds: float = 0.0) -> int:
        """End the child, close the pipes and return its exit status, negative for the signal that ended it.

        Args:
            grace_seconds: how long it may take to end by itself, so that its own status is seen.
        """
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace_seconds)
        self._process.kill()
        status = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return status


def _prepared(pipe: IO[bytes] | None) -> int:
    """Return the pipe's handle, not blocking and as wide as the kernel allows."""
    if pipe is None:
        raise WorkerFault("The process that decodes images has no pipe.")
    handle = pipe.fileno()
    os.set_blocking(handle, False)
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return handle


def _wait(handle: int, event: int, deadline: float) -> None:
    """Wait until the pipe is ready, has an error or has been closed, which the next read or write then tells apart."""
    left_ms = (deadline - time.monotonic()) * 1000.0
    poll = select.poll()
    poll.register(handle, event)
    if left_ms <= 0.0 or not poll.poll(left_ms):
        raise ChildTooSlow
