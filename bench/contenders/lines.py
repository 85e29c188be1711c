"""The child's side of the protocol for contenders in Python (see serve.mjs), and the data of data.mjs."""

import json
import sys
from time import perf_counter

import numpy as np


def sequence(length, seed, amplitude=1.0):
    """The numbers of data.mjs: s <- 1664525 s + 1013904223 mod 2^32, value (s >> 8) / 2^23 - 1."""
    values = np.empty(length)
    state = seed
    for i in range(length):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = (state >> 8) / 8388608 - 1
    return (amplitude * values).astype(np.float32)


def answer(value):
    print(json.dumps(value), flush=True)


def times(run, count):
    """Milliseconds of each of `count` runs."""
    result = []
    for _ in range(count):
        begin = perf_counter()
        run()
        result.append((perf_counter() - begin) * 1e3)
    return result


def serve(versions, prepare):
    """`prepare(case)` returns (run, checks), or a string that says why the case is not supported."""
    answer({"versions": versions})
    run = None
    for line in sys.stdin:
        word, _, rest = line.partition(" ")
        if word == "run":
            answer(times(run, int(rest)))
            continue
        prepared = prepare(json.loads(rest))
        if isinstance(prepared, str):
            answer({"unsupported": prepared})
        else:
            run, checks = prepared
            answer({"ready": True, "checks": checks})
