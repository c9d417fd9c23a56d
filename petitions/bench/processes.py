"""What processes have cost so far, as Linux counts it: processor time and memory, children included."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICK = 1.0 / os.sysconf("SC_CLK_TCK")
MEBIBYTE = 1024.0  # of the kibibytes that /proc/<pid>/status speaks in


@dataclass(frozen=True)
class Memory:
    """Resident memory of one process in MiB: now, and at its highest."""

    resident: float
    peak: float


def family(roots: Iterable[int]) -> list[int]:
    """The processes named and everybody below them that lives."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of the processes and all below them, those that have ended included."""
    total = 0
    for pid in family(roots):
        if fields := _stat(pid):
            total += sum(int(ticks) for ticks in fields[11:15])
    return total * TICK


def memory(pid: int) -> Memory | None:
    """What a process holds; None when it has ended."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    values = dict(line.split(":", 1) for line in lines if ":" in line)
    if "VmRSS" not in values:
        return None
    resident, peak = (int(values[name].split()[0]) / MEBIBYTE for name in ("VmRSS", "VmHWM"))
    return Memory(resident, peak)


def _stat(pid: int) -> list[str]:
    """The fields after the command's name, which may hold anything; [] when the process has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
