"""Times the contract engine beside Spectral and Redocly: rounds in turn, medians, a table, and one line of JSON."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

SPECTRAL_RULESET = Path("spectral.yaml")


class Run(NamedTuple):
    cpu_ms: float
    wall_ms: float
    peak_mb: float


def main() -> None:
    options = arguments()
    own, peers = commands(options)
    runs: dict[str, list[Run]] = defaultdict(list)
    for number in range(options.rounds):
        tell(f"round {number + 1} of {options.rounds}")
        for name, command in own.items():
            runs[name].append(timed(name, command))
    # A peer's round has our own beside it, so that both meet the same machine.
    ratios: dict[str, list[float]] = defaultdict(list)
    for number in range(options.peer_rounds):
        tell(f"round {number + 1} of {options.peer_rounds} with the peers")
        for name, (ours, command) in peers.items():
            mine, theirs = timed(ours, own[ours]), timed(name, command)
            runs[ours].append(mine)
            runs[name].append(theirs)
            ratios[name].append(theirs.cpu_ms / mine.cpu_ms)
    print_table(runs, ratios)
    print(json.dumps(last_line(runs, ratios, set(own))))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--towpath", required=True)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--github", nargs=2, required=True)
    parser.add_argument("--stripe", nargs=2)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--peer-rounds", type=int, required=True)
    return parser.parse_args()


def commands(options: argparse.Namespace) -> tuple[dict, dict]:
    """Our own commands by name, and those of the peers with the one of ours that does the same."""
    towpath = options.towpath
    redocly = [str(options.peers / "redocly"), "lint", "--extends", "minimal", "--max-problems", "1"]
    own = {
        "github_diff": [towpath, "diff", *options.github],
        "github_diff_json": [towpath, "diff", "--format", "json", *options.github],
        "github_lint": [towpath, "lint", options.github[1]],
        "github_score": [towpath, "score", options.github[1]],
    }
    peers = {"github_redocly": ("github_lint", [*redocly, options.github[1]])}
    if options.stripe:
        SPECTRAL_RULESET.write_text("extends: spectral:oas\n")
        spectral = [str(options.peers / "spectral"), "lint", "--quiet", "--ruleset", str(SPECTRAL_RULESET)]
        own["stripe_diff"] = [towpath, "diff", *options.stripe]
        own["stripe_diff_json"] = [towpath, "diff", "--format", "json", *options.stripe]
        own["stripe_lint"] = [towpath, "lint", options.stripe[1]]
        peers["stripe_redocly"] = ("stripe_lint", [*redocly, options.stripe[1]])
        peers["stripe_spectral"] = ("stripe_lint", [*spectral, options.stripe[1]])
    return own, peers


def timed(name: str, command: list[str]) -> Run:
    """User and system time of the whole process. It may end with 1, which says that there are findings."""
    settings = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=settings)
    told = child.stderr.read()[-600:]
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall_ms = (time.monotonic() - started) * 1000
    if child.returncode not in (0, 1):
        sys.exit(f"{name} ended with {child.returncode}: {told.decode(errors='replace')}")
    return Run((used.ru_utime + used.ru_stime) * 1000, wall_ms, used.ru_maxrss / 1024)


def print_table(runs: dict, ratios: dict) -> None:
    print(f"{'':<18}{'CPU ms':>8}{'least':>8}{'most':>8}{'wall ms':>9}{'peak MB':>9}{'rounds':>8}{'x ours':>8}")
    for name, all_runs in runs.items():
        cpu = [run.cpu_ms for run in all_runs]
        wall = statistics.median(run.wall_ms for run in all_runs)
        ratio = f"{statistics.median(ratios[name]):.1f}" if name in ratios else ""
        print(
            f"{name:<18}{statistics.median(cpu):>8.0f}{min(cpu):>8.0f}{max(cpu):>8.0f}{wall:>9.0f}"
            f"{max(run.peak_mb for run in all_runs):>9.0f}{len(all_runs):>8}{ratio:>8}"
        )


def last_line(runs: dict, ratios: dict, own: set[str]) -> dict:
    """What was not measured is null. Redocly's ratio is the lesser one of the contracts that it was timed on."""

    def cpu_ms(name: str) -> int | None:
        return round(statistics.median(run.cpu_ms for run in runs[name])) if name in runs else None

    def ratio(*names: str) -> float | None:
        medians = [statistics.median(ratios[name]) for name in names if name in ratios]
        return round(min(medians), 1) if medians else None

    return {
        "github_diff_ms": cpu_ms("github_diff"),
        "github_diff_json_ms": cpu_ms("github_diff_json"),
        "stripe_diff_ms": cpu_ms("stripe_diff"),
        "stripe_diff_json_ms": cpu_ms("stripe_diff_json"),
        "github_lint_ms": cpu_ms("github_lint"),
        "stripe_lint_ms": cpu_ms("stripe_lint"),
        "github_score_ms": cpu_ms("github_score"),
        "peak_mb": round(max(run.peak_mb for name in own for run in runs[name])),
        "spectral_ratio": ratio("stripe_spectral"),
        "redocly_ratio": ratio("stripe_redocly", "github_redocly"),
    }


def tell(text: str) -> None:
    print(text, file=sys.stderr)


main()
