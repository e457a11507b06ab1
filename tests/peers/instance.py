"""What the drivers in Python share: the instance file, the clock, the memory.

`src/peers.rs` says what the file holds, `README.md` what the members of the printed line mean.
"""

import json
import sys
import time

import numpy


class Instance:
    """An instance as five arrays."""

    def __init__(self, path):
        with open(path, "rb") as file:
            if file.read(8) != b"GJPEERS1":
                sys.exit(f"{path} is not an instance")
            rows, columns, edges = (int(count) for count in numpy.fromfile(file, "<u4", 3))
            counts = (rows, columns, edges, edges, edges)
            arrays = [numpy.fromfile(file, "<u4", count) for count in counts]
        if [len(array) for array in arrays] != list(counts):
            sys.exit(f"{path} was cut")
        self.demands, self.capacities, self.rows, self.columns, self.values = arrays


def memory(name):
    """A line of this process's status in kB."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(name + ":"))
    except (OSError, StopIteration):
        return None


def forget_peak():
    """What is held now; from here on the peak counts anew."""
    try:
        with open("/proc/self/clear_refs", "w") as peak:
            peak.write("5")
    except OSError:
        return None
    return memory("VmRSS")


def measure(peer, lay_out, solve):
    """Reads `FILE TIMES SECONDS` from the command line, does the work, prints the line.

    `lay_out(instance)` gives the problem as the peer holds it. `solve(problem)` solves it and gives a function that says
    the objective as a whole number; that one is called when the clock has stopped.
    """
    path, times, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    empty = memory("VmRSS")
    instance = Instance(path)
    start = time.perf_counter()
    problem = lay_out(instance)
    build = time.perf_counter() - start
    del instance
    held = forget_peak()
    took, worked, begun = [], [], time.perf_counter()
    while not took or (len(took) < times and time.perf_counter() - begun < seconds):
        start, start_work = time.perf_counter(), time.process_time()
        objective = solve(problem)
        took.append(time.perf_counter() - start)
        worked.append(time.process_time() - start_work)
    peak = memory("VmHWM")
    line = {"peer": peer, "objective": objective(), "build": build, "solve": took, "cpu": worked}
    print(json.dumps(line | {"empty_kb": empty, "held_kb": held, "peak_kb": peak}))
