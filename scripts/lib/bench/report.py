"""Turns the rounds of the gateway bench into one table and one line of JSON.

Usage: report.py half-rate FOLDER SECONDS | report.py table FOLDER SECONDS
"""

import collections
import json
import os
import pathlib
import re
import statistics
import sys

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def saturated(folder):
    """target -> one (CPU us per request, requests, p99 us) per round."""
    rounds = collections.defaultdict(list)
    for line in (folder / "saturated.txt").read_text().splitlines():
        target, _, requests, ticks, p99, errors = line.split()
        if int(errors):
            sys.exit(f"bench-gateway: {errors} of {requests} requests to {target} failed")
        cpu = int(ticks) / TICKS_PER_SECOND * 1e6 / int(requests)
        rounds[target].append((cpu, int(requests), int(p99)))
    return rounds


def paced(folder):
    rounds = collections.defaultdict(list)
    for line in (folder / "paced.txt").read_text().splitlines():
        target, _, figures = line.split(" ", 2)
        rounds[target].append(json.loads(figures))
    return rounds


def half_rate(rounds, seconds):
    carried = [statistics.median(r[1] for r in own) for target, own in rounds.items() if target != "direct"]
    return int(min(carried) / seconds / 2)


def paired_ratio(rounds, target, anchor):
    if target not in rounds or anchor not in rounds:
        return None
    return round(statistics.median(a[0] / b[0] for a, b in zip(rounds[target], rounds[anchor])), 3)


def added_p99(figures, target):
    if target not in figures or "direct" not in figures:
        return None
    pairs = zip(figures[target], figures["direct"])
    return round(statistics.median(own["p99_us"] - direct["p99_us"] for own, direct in pairs), 1)


def match_ns(folder, operations):
    """`bench_parts` ends with a line of JSON that holds match_ns_1200 and match_ns_10000."""
    path = folder / "parts.txt"
    if not path.exists():
        return None
    lines = [line for line in path.read_text().splitlines() if line.startswith("{")]
    if not lines:
        sys.exit("bench-gateway: bench_parts printed no line of JSON")
    return json.loads(lines[-1])[f"match_ns_{operations}"]


def table(folder, seconds):
    rounds, figures = saturated(folder), paced(folder)
    own = "towpath"
    print(f"{'':<10}{'CPU us per request':^30}{'x nginx':>9}{'x haproxy':>11}{'req/s':>9}{'p99 us':>9}"
          f"{'half load p50':>15}{'p99':>8}{'added p99':>11}")
    for target, runs in rounds.items():
        cpu = [run[0] for run in runs]
        each = f"{statistics.median(cpu):6.2f}  ({min(cpu):.2f} to {max(cpu):.2f})"
        half = figures[target]
        show = lambda value: "-" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"
        print(
            f"{target:<10}{each:^30}{show(paired_ratio(rounds, target, 'nginx')):>9}"
            f"{show(paired_ratio(rounds, target, 'haproxy')):>11}"
            f"{statistics.median(r[1] for r in runs) / seconds:>9.0f}{statistics.median(r[2] for r in runs):>9.0f}"
            f"{statistics.median(h['p50_us'] for h in half):>15.0f}{statistics.median(h['p99_us'] for h in half):>8.0f}"
            f"{show(added_p99(figures, target)):>11}"
        )
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print(f"\n{len(next(iter(rounds.values())))} rounds of {seconds} s, medians of paired ratios; load average "
          f"{os.getloadavg()[0]:.1f}; {os.cpu_count()} x {model[1] if model else 'unknown processor'}")
    print(json.dumps({
        "cpu_ratio_nginx": paired_ratio(rounds, own, "nginx"),
        "cpu_ratio_haproxy": paired_ratio(rounds, own, "haproxy"),
        "added_p99_us": added_p99(figures, own),
        "match_ns_1200": match_ns(folder, 1200),
        "match_ns_10000": match_ns(folder, 10000),
    }))


def main():
    command, folder, seconds = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    if command == "half-rate":
        print(half_rate(saturated(folder), seconds))
    else:
        table(folder, seconds)


main()
