"""Writes what the gateway bench needs: a contract, consumers, keys, and the paths and keys that the load uses.

Usage: inputs.py FOLDER OPERATIONS KEYS. The same arguments make the same files.
"""

import csv
import hashlib
import json
import pathlib
import random
import sys
import zlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PATHS_USED = 256
KEYS_USED = 64
CONSUMERS = 1_000


def key_text(source):
    body = "twp_live_" + "".join(source.choices(BASE62, k=30))
    rest, checksum = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        checksum = BASE62[digit] + checksum
    return body + checksum


def contract(operations):
    """Resources of four operations each, two path depths; one operation in ten is deprecated."""
    paths, reads = {}, []
    for resource in range(operations // 4):
        area, name = f"area{resource % 20}", f"resource{resource}"
        shapes = [
            ("get", f"/v1/{area}/{name}"),
            ("post", f"/v1/{area}/{name}"),
            ("get", f"/v1/{area}/{name}/{{id}}"),
            ("get", f"/v1/accounts/{{account}}/{name}/{{id}}/events"),
        ]
        for number, (method, path) in enumerate(shapes):
            operation = {"operationId": f"{method}_{name}_{number}", "responses": {"200": {"description": "ok"}}}
            parameters = [part[1:-1] for part in path.split("/") if part.startswith("{")]
            operation["parameters"] = [
                {"name": p, "in": "path", "required": True, "schema": {"type": "string"}} for p in parameters
            ]
            if (resource * 4 + number) % 10 == 0:
                operation |= {
                    "deprecated": True,
                    "x-deprecated-at": "2026-01-01",
                    "x-sunset": "2027-06-30",
                    "x-replaced-by": "/v2/" + name,
                }
            paths.setdefault(path, {})[method] = operation
            if method == "get":
                reads.append(path)
    document = {"openapi": "3.1.0", "info": {"title": "Bench", "version": "1.0.0"}, "paths": paths}
    return document, reads


def main():
    folder, operations, keys = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    source = random.Random(1)
    document, reads = contract(operations)
    (folder / "contract.json").write_text(json.dumps(document))

    with (folder / "consumers.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["name", "kind"])
        rows.writerows([f"consumer {i}", "developer"] for i in range(CONSUMERS))
    used = []
    with (folder / "keys.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["consumer", "surface", "digest"])
        for i in range(keys):
            text = key_text(source)
            rows.writerow([f"consumer {i % CONSUMERS}", "bench", hashlib.sha256(text.encode()).hexdigest()])
            if i % max(1, keys // KEYS_USED) == 0:
                used.append(text)
    (folder / "wrk-keys.txt").write_text("\n".join(used[:KEYS_USED]) + "\n")

    chosen = source.sample(reads, min(PATHS_USED, len(reads)))
    concrete = [
        "/".join(f"{source.getrandbits(40):x}" if part.startswith("{") else part for part in path.split("/"))
        for path in chosen
    ]
    (folder / "wrk-paths.txt").write_text("\n".join(concrete) + "\n")


main()
