"""Reading: pages from the cache, pages made anew, the list and the number, each beside what the server can do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from petitions.bench import server
from petitions.bench.figures import Figure, Goal
from petitions.bench.running import Server, child, free_port, wait_for_answer
from petitions.bench.stage import Stage, against, alone

UNCACHED_GOAL = {"sqlite": 0.26, "postgresql": 0.14}


def pages(stage: Stage) -> Iterator[Figure]:
    """All of them in turn, round after round. Nothing here waits, so ratios are those of processor time."""
    small, large = stage.smallest, stage.largest
    shipped, uncached = stage.product("shipped"), stage.product("uncached")
    targets = {
        "limit.raw-wsgi": stage.get(stage.beside("raw"), "/"),
        "limit.flask": stage.get(stage.beside("constant"), "/"),
        "page.hot": stage.get(shipped, stage.page_of(large)),
        "page.uncached": stage.get(uncached, stage.page_of(large)),
        "page.uncached-small": stage.get(uncached, stage.page_of(small)),
        "page.list": stage.get(uncached, "/kk/petitions"),
        "page.count-json": stage.get(shipped, f"/petitions/{large}/count.json"),
    }
    if nginx := shutil.which("nginx"):
        targets["limit.nginx"] = stage.get(_nginx(stage, nginx), "/page.html")
    found = stage.compare(targets)
    raw, flask = found["limit.raw-wsgi"], found["limit.flask"]
    for name in ("limit.raw-wsgi", "limit.flask", "limit.nginx"):
        if name in found:
            yield alone(name, found[name], stage.engine)
    yield against(stage, "page.hot", found["page.hot"], raw, Goal("at least", 0.90))
    if "limit.nginx" in found:
        yield against(stage, "page.hot-nginx", found["page.hot"], found["limit.nginx"], Goal("at least", 0.40))
    goal = Goal("at least", UNCACHED_GOAL[stage.engine])
    yield against(stage, "page.uncached", found["page.uncached"], flask, goal)
    yield against(
        stage, "page.uncached-growth", found["page.uncached"], found["page.uncached-small"], Goal("at least", 0.80)
    )
    yield against(stage, "page.list", found["page.list"], flask, Goal("at least", 0.15))
    yield against(stage, "page.count-json", found["page.count-json"], raw, None)
    yield memory(stage, "memory.reading", shipped)
    yield memory(stage, "memory.reading-uncached", uncached)


def memory(stage: Stage, name: str, of: Server) -> Figure:
    """The web process that held most, at its highest."""
    held = of.workers()
    peak = max(each.peak for each in held)
    now = max(each.resident for each in held)
    return Figure(name, stage.engine, peak, "MiB", goal=Goal("at most", 120, "value"), details={"resident": now})


def _nginx(stage: Stage, binary: str) -> Server:
    """nginx with as many processes as we have, and a file as large as the page."""
    folder = Path(stage.folder, f"nginx-{stage.engine}")
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "page.html").write_bytes(b"x" * stage.page_bytes)
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes {server.WORKERS}; pid {folder}/pid; error_log stderr;\n"
        "events { worker_connections 512; }\n"
        f"http {{ access_log off; keepalive_requests 100000000; sendfile on;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
    )
    command = [binary, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    leader = stage.running.enter_context(child(command, stage.site.started_with()))
    wait_for_answer(leader, port, "/page.html")
    return Server(port, leader, (leader.process.pid,))
