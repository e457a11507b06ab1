"""The same as `search_highs.py`, with OR-tools' CP-SAT: everything in it is a whole number.

Usage: search_cpsat.py [--seconds N] FILE...

Needs `ortools` (PyPI); says so and stops if it is not there.
"""

import sys
import time

from search_instance import read

try:
    from ortools.sat.python import cp_model
except ImportError:
    print("skipped: ortools is not installed")
    sys.exit(0)


def formulate(demands, capacities, edges, rules):
    """The program: flows, and a yes or no for each group, member and way."""
    model = cp_model.CpModel()
    most = [min(demands[row], capacities[column]) for row, column, _ in edges]
    flow = [model.new_int_var(0, units, "") for units in most]
    by_row, by_column = [[] for _ in demands], [[] for _ in capacities]
    for units, (row, column, _) in zip(flow, edges):
        by_row[row].append(units)
        by_column[column].append(units)
    served = {}
    for kind, count, content in rules:
        if kind == "together":
            members = [model.new_bool_var("") for _ in content]
            group = model.new_bool_var("")
            for member, rows in zip(members, content):
                model.add_implication(member, group)
                served.update((row, member) for row in rows)
            model.add(sum(members) >= count * group)
        elif kind == "choice":
            used = [model.new_bool_var("") for _ in content]
            for way, numbers in zip(used, content):
                for edge in numbers:
                    model.add(flow[edge] <= most[edge] * way)
            model.add(sum(used) <= count)
        else:
            for units, ceiling, (_, column, _) in zip(flow, most, edges):
                if column == content:
                    model.add(units == count * model.new_int_var(0, ceiling // count, ""))
    for row, units in enumerate(by_row):
        if row in served:
            model.add(sum(units) == demands[row] * served[row])
        else:
            model.add(sum(units) <= demands[row])
    for column, units in enumerate(by_column):
        model.add(sum(units) <= capacities[column])
    model.maximize(sum(units * value for units, (_, _, value) in zip(flow, edges)))
    return model


def main():
    files, seconds = sys.argv[1:], 60.0
    if files[:1] == ["--seconds"]:
        seconds, files = float(files[1]), files[2:]
    wrong = 0
    for path in files:
        said, *instance = read(path)
        model = formulate(*instance)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 1
        began = time.perf_counter()
        solver.solve(model)
        took = time.perf_counter() - began
        # Objectives beyond 2^53 are not exact in what CP-SAT reports.
        found, bound = solver.objective_value, solver.best_objective_bound
        slack = 1e-9 * max(abs(bound), 1.0)
        agrees = found <= said["bound"] + slack and said["objective"] <= bound + slack
        wrong += not agrees
        name = path.rsplit("/", 1)[-1].removesuffix(".txt")
        gap = 100.0 * (bound / max(found, 1.0) - 1)
        times = took * 1e6 / said["microseconds"] if said.get("microseconds") else float("nan")
        print(
            f"{name:<28}{said['objective']:>16} of {said['bound']:<16} CP-SAT {found:.0f}, gap {gap:.4f} %, "
            f"{times:.1f} times as long{'' if agrees else '  DISAGREE'}",
            flush=True,
        )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
