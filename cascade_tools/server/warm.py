"""The warm process: ``python -m cascade_tools.server.warm FD [MODULE …]``.

It has loaded what every kernel needs, and does nothing but fork.  A fork is a kernel in a tenth of
a second that shares what was loaded.  Nothing may be made here that a fork must not share: no
thread, no loop, no socket of ZeroMQ's, no connection, nobody's ticket.

It speaks with the server over one socket: a request (a kernel's arguments, environment, folder)
comes in, and the new process goes back as its number and a handle to it.  When the server is gone,
the socket ends, and the kernels with it.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

MOST_BYTES = 1 << 18
LOADED = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.comm"),
    *("ipykernel.debugger", "IPython.core.completer", "IPython.core.magics", "jedi"),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger"),
    *("IPython.core.oinspect", "faulthandler"),
    *("IPython.extensions.storemagic", "ipywidgets", "anywidget"),
    *("tornado.platform.asyncio", "zmq.eventloop.zmqstream"),
    *("cascade_tools.workbook", "cascade_tools.desk", "cascade_tools.client"),
    *("cascade_tools.widgets.picture", "cascade_tools.draw.pictures"),
)
# Tables, which make each kernel a quarter larger: only where there is a desk that needs them.
FOR_DESKS = "cascade_tools.collect"
# How far kernels stand back behind the server, which saves.
NICE = 5
# A record of what ran would lie on the disk, one file for all kernels.
ALWAYS = {"HistoryManager": {"enabled": False}}


def main() -> None:
    """Load, say so, and fork on request until the server is gone or has done with this process."""
    # Helpers of numpy and pyarrow would start threads as they are loaded, and a fork would have
    # none of them.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    # The debugger, which nobody can reach here, would complain of how Python was started.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    if not sys.flags.safe_path:
        del sys.path[0]  # the server's folder; a kernel finds modules in its own
    # Before anything else is done for pictures comes what people write.
    os.nice(NICE)
    gc.disable()
    for name in (*LOADED, *sys.argv[2:]):
        with contextlib.suppress(ImportError):  # what is not there, no kernel will miss
            importlib.import_module(name)
    _draw_for_nobody()
    _make_for_nobody()
    if len([*Path("/proc/self/task").iterdir()]) > 1:
        sys.exit("a loaded module started a thread")
    gc.collect()
    gc.freeze()
    server = socket.socket(fileno=int(sys.argv[1]))
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the server's business
    kernels: set[int] = set()
    try:
        server.send(b"{}")
        _fork_on_request(server, (woken, wake), kernels)
    except OSError:
        pass  # the server is gone, in the middle of something
    finally:
        _end(kernels)


def _fork_on_request(server: socket.socket, wakes: tuple[int, int], kernels: set[int]) -> None:
    """Until the server is gone or, when it needs no more, until the last of them has ended."""
    done = False
    ends: list[Any] = [server, wakes[0]]
    while not (done and not kernels):
        ready, _, _ = select.select(ends, [], [])
        if wakes[0] in ready:
            kernels -= _ended(wakes[0])
        if server in ready:
            message = server.recv(MOST_BYTES)
            if not message:
                return
            request = json.loads(message)
            if request.get("done", False):
                done = True
            elif (pid := _fork(request, server, wakes)) is not None:
                kernels.add(pid)


def _draw_for_nobody() -> None:
    """Every picture once, and a question: the kit's words are read, and what draws is compiled.

    Nothing of it is anybody's, and no kernel has to do it again.
    """
    from cascade_tools.draw.drawn import drawn
    from cascade_tools.draw.pictures import picture_html
    from cascade_tools.model.picture import Sitting
    from cascade_tools.shelf import DRAWINGS, prompt_from

    blank = [Sitting(session=None, planned=0, answers={}, current=True)]
    for name in DRAWINGS:
        picture_html(drawn(name, {}, blank))
    prompt_from("scale", ("any", "Any?"), {"words": "thinking/D1"})


def _make_for_nobody() -> None:
    """What a kernel runs cells in, and what starts it, as far as neither is anybody's yet.

    Both are the only ones of their kind in a process, so a fork that asks for its own finds them,
    and has a quarter less memory of its own.
    """
    from ipykernel.compiler import XCachingCompiler
    from ipykernel.kernelapp import IPKernelApp
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.profiledir import ProfileDir
    from traitlets.config import Config

    shell = ZMQInteractiveShell.instance(
        config=Config(ALWAYS),
        profile_dir=ProfileDir(),  # nowhere; a kernel says where
        compiler_class=XCachingCompiler,
    )
    # Compiles the patterns by which it reads a cell.
    shell.input_transformer_manager.transform_cell("nobody\n")
    IPKernelApp.instance(config=Config(ALWAYS))


def _ended(woken: int) -> set[int]:
    """The children that have ended.  Taken off the system's list, so that none stays behind."""
    with contextlib.suppress(BlockingIOError):
        os.read(woken, 4096)
    ended = set()
    with contextlib.suppress(ChildProcessError):
        while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            ended.add(pid)
    return ended


def _end(kernels: set[int]) -> None:
    for pid in kernels:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _fork(request: dict[str, Any], server: socket.socket, ours: tuple[int, int]) -> int | None:
    """A kernel's number, which the server is told; None when there can be none now."""
    try:
        pid = os.fork()
    except OSError:
        server.send(b"{}")
        return None
    if pid == 0:
        signal.set_wakeup_fd(-1)
        server.close()
        for end in ours:
            os.close(end)
        _kernel(request)
    with contextlib.suppress(OSError):
        # Before the child does it itself: nobody may signal the group before it is there.
        os.setpgid(pid, pid)
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        _end({pid})
        server.send(b"{}")
        return None
    try:
        socket.send_fds(server, [json.dumps({"pid": pid}).encode()], [handle])
    finally:
        os.close(handle)
    return pid


def _kernel(request: dict[str, Any]) -> None:
    """Become a kernel.  Never returns."""
    code = 1
    try:
        _as_if_started(request)
        from ipykernel.kernelapp import IPKernelApp

        app = IPKernelApp.instance()
        app.connection_file = request["arguments"][request["arguments"].index("-f") + 1]
        # The handle's default is whoever was the parent when the module was loaded.
        app.parent_handle = os.getppid()
        # It has been told everything.  What the operator has set, and lets run, for an IPython of
        # their own is not for the kernels of others.
        app.parse_command_line = app.load_config_file = app.init_code = lambda *_: None
        with _unlisted():
            app.initialize()
        _take_over(app.shell, app)
        # Loaded inside a kernel it does this by itself; here it was loaded before there was one.
        importlib.import_module("ipywidgets").register_comm_target()
        app.start()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        # At once: whatever the warm process has to tidy up is not this one's.
        os._exit(code)


def _take_over(shell: Any, app: Any) -> None:
    """What was nobody's is this kernel's now, with its place and its folder."""
    shell.parent = shell.kernel = app.kernel
    shell.ipython_dir, shell.profile_dir = app.ipython_dir, app.profile_dir
    shell.starting_dir = str(Path.cwd())
    shell.init_environment()
    shell.history_manager.reset(new_session=False)


@contextlib.contextmanager
def _unlisted() -> Iterator[None]:
    """For a debugger, which nobody can reach here, a kernel asks a thousand modules where they come
    from, and each answer costs it a page of memory that was shared."""
    from ipykernel import ipkernel

    vars(ipkernel)["sys"] = SimpleNamespace(modules={})
    try:
        yield
    finally:
        vars(ipkernel)["sys"] = sys


def _as_if_started(request: dict[str, Any]) -> None:
    """What a process that was started has of its own, and a forked one has from its parent."""
    with contextlib.suppress(PermissionError):  # the parent may have made the group first
        os.setpgid(0, 0)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.environ.clear()
    os.environ.update(request["env"])
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(request["cwd"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if "numpy" in sys.modules:  # Python's own chance begins anew by itself
        sys.modules["numpy"].random.seed()
    if request["megabytes"]:
        import resource

        most = request["megabytes"] * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    sys.argv = ["ipykernel_launcher", *request["arguments"]]
    gc.enable()


if __name__ == "__main__":
    main()
