"""Runs measure.py TOWPATH on lines of name, command and arguments, within limits; prints a table and a JSON line; fails for one beyond."""
import json
import os
import resource
import signal
import sys

CPU_SECONDS = 2.0
MEMORY_BYTES = 1 << 30
STACK_BYTES = 1 << 20


def limit():
    # The kernel counts whole seconds: the exact figure is judged afterwards.
    resource.setrlimit(resource.RLIMIT_CPU, (int(CPU_SECONDS) + 1, int(CPU_SECONDS) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_STACK, (STACK_BYTES, STACK_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(command):
    """CPU seconds, peak MB, and what is wrong with the end, if anything is."""
    child = os.fork()
    if child == 0:
        limit()
        os.dup2(os.open("stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open("stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.execv(command[0], command)
    _, status, used = os.wait4(child, 0)
    seconds = used.ru_utime + used.ru_stime
    with open("stderr", "rb") as told:
        told = told.read()[-20_000:].decode(errors="replace")
    wrong = None
    if os.WIFSIGNALED(status):
        wrong = signal.Signals(os.WTERMSIG(status)).name
    elif os.WEXITSTATUS(status) not in (0, 1, 2, 3) or "panicked" in told:
        wrong = f"exit {os.WEXITSTATUS(status)}: {told.strip().splitlines()[-1][:100] if told.strip() else ''}"
    elif seconds > CPU_SECONDS:
        wrong = "too slow"
    return seconds, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), wrong


failed, most_seconds, most_mb, count = [], 0.0, 0.0, 0
print(f"{'document':<22}{'command':<11}{'CPU s':>7}{'peak MB':>9}{'MB out':>8}{'exit':>6}")
for line in sys.stdin:
    name, command, *arguments = line.rstrip("\n").split("\t")
    seconds, mb, status, wrong = run([sys.argv[1], command, *arguments])
    out = os.path.getsize("stdout") / 1e6
    print(f"{name:<22}{command:<11}{seconds:>7.2f}{mb:>9.0f}{out:>8.1f}{status:>6}  {wrong or ''}".rstrip(), flush=True)
    count += 1
    most_seconds, most_mb = max(most_seconds, seconds), max(most_mb, mb)
    if wrong:
        failed.append(f"{name} {command}")
print(json.dumps({"runs": count, "cpu_seconds_max": round(most_seconds, 2), "peak_mb_max": round(most_mb), "failed": failed}))
sys.exit(bool(failed))
