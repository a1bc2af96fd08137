"""Kernels forked from a warm process: each its own, none left behind, and a way without."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from traitlets import Any as AnyTrait
from traitlets.config import Configurable

from cascade_tools.server import forking, warm
from cascade_tools.server.forking import NAME, Forked, NoRoom, Warmth, can_fork
from cascade_tools.server.warm import FOR_DESKS, NICE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
TOLD = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
PATIENCE = 60


class Holder(Configurable):  # type: ignore[misc]
    """Stands where the server's manager of kernels does."""

    warmth = AnyTrait()
    megabytes = AnyTrait(0)


@pytest.fixture(scope="module")
def warmth() -> Iterator[Warmth]:
    made = Warmth(TOLD, lambda: (FOR_DESKS,))
    yield made
    made.end()


@pytest.fixture(autouse=True)
def _forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Jupyter asks once in a process what starts a kernel where nothing else is said; another
    module's test may have asked before."""
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", NAME)
    assert can_fork(), "Install the kit once more: its entry point is not there (make setup)."
    KernelProvisionerFactory.clear_instance()
    yield
    KernelProvisionerFactory.clear_instance()


class Kernel:
    """One kernel and a line to it."""

    def __init__(self, manager: AsyncKernelManager) -> None:
        self.manager = manager

    @property
    def process(self) -> Any:
        return self.manager.provisioner.process

    async def run(self, code: str) -> str:
        """What the code prints, or the name of its error."""
        said = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(content.get("text", "") or content.get("ename", ""))

        await self.client.execute_interactive(code, output_hook=hear, timeout=PATIENCE)
        return "".join(said).strip()

    async def open(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(PATIENCE)


@asynccontextmanager
async def kernel(
    warmth: Warmth | None, folder: Path, megabytes: int = 0, **env: str
) -> AsyncIterator[Kernel]:
    folder.mkdir(exist_ok=True)
    manager = AsyncKernelManager(
        parent=Holder(warmth=warmth, megabytes=megabytes),
        transport="ipc",
        connection_file=str(folder / "connection.json"),
    )
    await manager.start_kernel(env={**TOLD, **env}, cwd=str(folder))
    one = Kernel(manager)
    try:
        await one.open()
        yield one
    finally:
        one.client.stop_channels()
        await manager.shutdown_kernel(now=True)


def during(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 3 * PATIENCE))  # type: ignore[arg-type]


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(PATIENCE * 50):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("It never came true.")


def test_each_kernel_has_a_world_of_its_own(warmth: Warmth, tmp_path: Path) -> None:
    """Environment, folder, chance and process are its own; nothing of the server or of another
    kernel is in it, in the environment that the system shows neither."""

    async def story() -> None:
        code = (
            "import os, random, uuid, numpy, sys, json; print(json.dumps(["
            "os.environ.get('WHO'), os.getcwd(), os.environ.get('SECRET'),"
            "os.environ.get('OPENBLAS_NUM_THREADS')]),"
            "random.random(), numpy.random.rand(), uuid.uuid4(), sep='|')"
        )
        async with (
            kernel(warmth, tmp_path / "a", WHO="a", SECRET="ticket-a") as a,
            kernel(warmth, tmp_path / "b", WHO="b") as b,
        ):
            assert isinstance(a.process, Forked) and a.process.pid != b.process.pid
            told = [(await one.run(code)).split("|") for one in (a, b)]
            assert f'["a", "{tmp_path / "a"}", "ticket-a", null]' in told[0][0]
            assert f'["b", "{tmp_path / "b"}", null, null]' in told[1][0]
            assert all(first != second for first, second in zip(*told, strict=True))
            for one in (a, b):
                shown = Path(f"/proc/{one.process.pid}/environ").read_text()
                assert "ticket-a" not in shown and "CASCADE" not in shown

    during(story)


def test_a_forked_kernel_can_do_what_a_started_one_can(warmth: Warmth, tmp_path: Path) -> None:
    """Widgets answer the page, threads and loops run, processes can be started, an interrupt is
    heard, and nothing that ran is written down."""

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a") as one:
            assert "jupyter.widget.control" in await one.run(
                "import comm; print(sorted(comm.get_comm_manager().targets))"
            )
            assert (
                await one.run("import ipywidgets as w; print(w.Text('x').comm is None)") == "False"
            )
            assert (
                await one.run("import asyncio; await asyncio.sleep(0); print('looped')") == "looped"
            )
            assert (
                await one.run(
                    "from concurrent.futures import ThreadPoolExecutor as T\n"
                    "print(T(2).submit(lambda: 42).result())"
                )
                == "42"
            )
            assert await one.run("import subprocess as s; print(s.run(['true']).returncode)") == "0"
            assert await one.run("import os; os.system('echo from C')") == "from C"
            gone = "a, b = os.pipe(); os.close(a); os.write(b, b'-')"
            assert await one.run(gone) == "BrokenPipeError"
            assert psutil.Process(one.process.pid).nice() == NICE
            waiting = asyncio.create_task(
                one.run("import time; open('begun', 'x').close(); time.sleep(50)")
            )
            await until((tmp_path / "a" / "begun").exists)
            await one.manager.interrupt_kernel()
            assert "KeyboardInterrupt" in await waiting
            assert "False" in await one.run("print(get_ipython().history_manager.enabled)")

    during(story)


WHAT_IT_IS = """
import json, os, sys
shell = get_ipython()
kernel = shell.kernel
print(json.dumps({
    "names": sorted(globals()),
    "magics": {kind: sorted(them) for kind, them in shell.magics_manager.lsmagic().items()},
    "settings": {
        name: repr(getattr(shell, name)).partition(" object at ")[0]
        for name in sorted(shell.traits(config=True))
    },
    "path": sys.path,
    "environment": sorted({*os.environ} - {"LC_CTYPE", "PYDEVD_USE_FRAME_EVAL"}),
    "folders": [shell.starting_dir, str(_dh), shell.profile_dir.location],
    "modules": [__name__, sys.modules["__main__"].__dict__ is globals() is shell.user_ns],
    "knows": [kernel.shell is shell, shell.parent is kernel, kernel.parent.shell is shell],
    "speaks": [type(x).__name__ for x in (sys.stdout, sys.displayhook, shell.display_pub)],
    "whole": sys.modules["ipykernel.ipkernel"].sys is sys,
}))
"""


def test_a_forked_kernel_is_what_a_started_one_is(warmth: Warmth, tmp_path: Path) -> None:
    """The same names, magics, settings and folders, and where modules are found; but sessions of
    its own."""

    async def story() -> None:
        told = []
        for place in (None, warmth):
            async with kernel(place, tmp_path / "a", HOME=str(tmp_path)) as one:
                assert isinstance(one.process, Forked) == (place is not None)
                told.append(json.loads(await one.run(WHAT_IT_IS)))
        assert told[0] == told[1]
        session = "k = get_ipython().kernel; print(k.session.session, k.ident, k.session.key)"
        async with kernel(warmth, tmp_path / "a") as a, kernel(warmth, tmp_path / "b") as b:
            assert not {*(await a.run(session)).split()} & {*(await b.run(session)).split()}

    during(story)


def test_what_an_operator_has_set_for_themselves_is_not_for_kernels(
    warmth: Warmth, tmp_path: Path
) -> None:
    """Neither the settings nor the scripts of somebody's own IPython reach those who are served."""
    own = tmp_path / ".ipython" / "profile_default"
    (own / "startup").mkdir(parents=True)
    (own / "startup" / "mine.py").write_text("mine = 1")
    (own / "ipython_config.py").write_text("c.InteractiveShellApp.exec_lines = ['mine = 1']")
    (own / "ipython_kernel_config.py").write_text(
        "c.InteractiveShell.ast_node_interactivity = 'all'"
    )

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a", HOME=str(tmp_path)) as one:
            assert await one.run("print(mine)") == "NameError"
            assert await one.run("print(get_ipython().ast_node_interactivity)") != "all"

    during(story)


def test_nothing_is_made_before_a_fork_that_a_fork_must_not_share(
    warmth: Warmth, tmp_path: Path
) -> None:
    """The warm process has one thread, no loop and no line but the one to its server; a kernel has
    not even that."""

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a") as one:
            parent = psutil.Process(one.process.pid).parent()
            assert parent is not None and parent.num_threads() == 1
            lines = [end for end in _open_ends(parent.pid) if end.startswith(("socket:", "anon_"))]
            assert len(lines) == 1 and lines[0].startswith("socket:")
            assert not set(lines) & set(_open_ends(one.process.pid))

    during(story)


def _open_ends(pid: int) -> list[str]:
    found = []
    for end in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(end.readlink()))
    return found


def test_where_something_loaded_starts_a_thread_nothing_is_forked(tmp_path: Path) -> None:
    """A fork would have none of that thread and all of its locks."""
    (tmp_path / "sitecustomize.py").write_text(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n"
    )
    warmth = Warmth({**TOLD, "PYTHONPATH": str(tmp_path)})
    try:
        with pytest.raises((OSError, ValueError)):
            warmth.fork({})
    finally:
        warmth.end()


def test_where_the_system_has_no_process_to_give_the_others_live_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then a kernel is started the slow way, and the warm process stays with its kernels."""

    def no_more() -> int:
        raise BlockingIOError

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        monkeypatch.setattr(os, "fork", no_more)
        assert warm._fork({}, theirs, (0, 0)) is None
        line = forking._Warm.__new__(forking._Warm)
        line._socket, line._ready = ours, True
        with pytest.raises(NoRoom):
            line.fork({})


def test_waking_waits_for_nothing() -> None:
    """A page is answered while a warm process is being started or asked for a kernel."""
    warmth = Warmth(TOLD)
    with warmth._lock:
        warmth.wake()
        assert warmth._now is None
    warmth.end()


def test_a_kernel_can_be_asked_to_end_and_to_begin_again(warmth: Warmth, tmp_path: Path) -> None:
    """It ends by itself when it is asked to, and begins again as it was told at first."""

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a", WHO="a") as one:
            first = one.process
            await one.manager.restart_kernel()
            await one.client.wait_for_ready(PATIENCE)
            assert first.poll() == 0 and one.process.pid != first.pid
            assert await one.run("import os; print(os.environ['WHO'])") == "a"
            second = one.process
            await one.manager.shutdown_kernel()
            assert second.poll() == 0

    during(story)


def test_a_kernel_that_ends_leaves_nothing(warmth: Warmth, tmp_path: Path) -> None:
    """Killed from outside, it is known to be dead at once, and no zombie stays; its own processes
    end with it when it is told to end."""

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a") as one:
            process = one.process
            child = int(await one.run("import subprocess as s; print(s.Popen(['sleep','99']).pid)"))
            parent = psutil.Process(process.pid).ppid()
            process.kill()
            await until(lambda: process.poll() is not None)
            assert not await one.manager.is_alive()
            await until(lambda: not psutil.pid_exists(process.pid))
            await until(lambda: _gone(child))
            assert not any(
                c.status() == psutil.STATUS_ZOMBIE for c in psutil.Process(parent).children()
            )
            # Its number may be another's by now: nobody is signalled.
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0

    during(story)


def _is_over(process: psutil.Process) -> bool:
    return process.status() == psutil.STATUS_ZOMBIE


def _gone(pid: int) -> bool:
    """Ended; whether somebody has taken it away is not our matter."""
    return not psutil.pid_exists(pid) or _is_over(psutil.Process(pid))


def test_it_may_take_only_so_much_memory(warmth: Warmth, tmp_path: Path) -> None:
    """Beyond its share a cell gets an error; the kernel lives on."""

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a", megabytes=600) as one:
            assert await one.run("x = bytearray(900_000_000)") == "MemoryError"
            assert await one.run("x = bytearray(1_000); print('fine')") == "fine"

    during(story)


def test_new_code_gets_a_new_warm_process(
    warmth: Warmth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the kit's code has changed, kernels come from a process that loaded it as it is now;
    those that run go on, and the old process ends with the last of them."""

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a") as old:
            before = psutil.Process(old.process.pid).ppid()
            monkeypatch.setattr(forking, "code_stamp", lambda: (0, 0))
            async with kernel(warmth, tmp_path / "b") as new:
                assert psutil.Process(new.process.pid).ppid() != before
                assert await old.run("print('still here')") == "still here"
                assert psutil.pid_exists(before)
        await until(lambda: _gone(before))

    during(story)


def test_only_what_a_kernel_holds_counts_as_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words and templates count, new and old; what Python itself leaves beside them does not."""
    (tmp_path / "data").mkdir()
    (tmp_path / "templates" / "parts").mkdir(parents=True)
    monkeypatch.setattr(forking, "kit_folder", tmp_path.joinpath)
    before = forking.code_stamp()
    (tmp_path / "data" / "__pycache__").mkdir()
    (tmp_path / "data" / "__pycache__" / "words.py").touch()
    assert forking.code_stamp() == before
    (tmp_path / "data" / "words.yaml").touch()
    added = forking.code_stamp()
    assert added != before
    os.utime(tmp_path / "data" / "words.yaml", ns=(added[0] + 1, added[0] + 1))
    assert forking.code_stamp() != added


def test_a_warm_process_that_dies_is_replaced(warmth: Warmth, tmp_path: Path) -> None:
    """Its kernels end, which their pages notice as with any kernel; the next comes from another."""

    async def story() -> None:
        async with kernel(warmth, tmp_path / "a") as one:
            assert isinstance(one.process, Forked)  # or its parent would be the test itself
            parent = psutil.Process(one.process.pid).ppid()
            os.kill(parent, signal.SIGKILL)
            await until(lambda: one.process.poll() is not None)
            async with kernel(warmth, tmp_path / "b") as other:
                assert isinstance(other.process, Forked)
                assert await other.run("print('warm again')") == "warm again"

    during(story)


def test_without_a_warm_process_kernels_are_started(tmp_path: Path) -> None:
    """Where nothing can be forked, or forking fails, a kernel is started as Jupyter does."""

    class Cold:
        def fork(self, request: dict[str, Any]) -> Forked:
            raise OSError("no more processes")

    async def story() -> None:
        for warmth in (None, Cold()):
            async with kernel(warmth, tmp_path / "a", WHO="c") as one:  # type: ignore[arg-type]
                assert isinstance(one.process, subprocess.Popen)
                assert psutil.Process(one.process.pid).nice() == NICE
                assert await one.run("import os; print(os.environ['WHO'])") == "c"

    during(story)


def test_when_the_server_is_gone_so_are_its_kernels(tmp_path: Path) -> None:
    """A server that is killed can tidy nothing up; the warm process sees it, and ends all.  So does
    one that was replaced, whose kernels are still in use."""
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from tests.server.test_forking import TOLD, Warmth, forking, kernel\n"
        "async def main():\n"
        "    warmth, place = Warmth(TOLD), Path(sys.argv[1])\n"
        "    async with kernel(warmth, place / 'a') as one:\n"
        '        start = \'import subprocess as s; print(s.Popen(["sleep", "99"]).pid)\'\n'
        "        started = await one.run(start)\n"
        "        forking.code_stamp = lambda: (0, 0)\n"
        "        async with kernel(warmth, place / 'b') as other:\n"
        "            print(one.process.pid, other.process.pid, started, flush=True)\n"
        "            await asyncio.sleep(99)\n"
        "asyncio.run(main())\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    *forked, started = map(int, server.stdout.readline().split())
    parents = {psutil.Process(pid).ppid() for pid in forked}
    assert len(parents) == 2
    server.kill()
    server.wait()
    server.stdout.close()

    async def story() -> None:
        await until(lambda: all(map(_gone, (*forked, started, *parents))))

    during(story)
