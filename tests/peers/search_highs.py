"""Solves the instances that `GONGJIAN_BENCH_WRITE=<directory> cargo bench -p engine --bench search` wrote, with HiGHS.

Usage: search_highs.py [--seconds N] FILE...

For each file: what the search found and proved, what HiGHS found and proved, and how many times the search's time HiGHS
took. Fails if one of the two claims a bound below what the other found. Needs `highspy` (PyPI); says so and stops if it is
not there.
"""

import sys
import time

from search_instance import read

try:
    import highspy
    import numpy
except ImportError:
    print("skipped: highspy is not installed")
    sys.exit(0)


class Model:
    """Columns and rows of a mixed-integer program, kept by column."""

    def __init__(self):
        self.worth, self.low, self.high, self.whole, self.entries = [], [], [], [], []
        self.least, self.most = [], []

    def column(self, worth, high, whole):
        self.worth.append(worth)
        self.low.append(0.0)
        self.high.append(high)
        self.whole.append(whole)
        self.entries.append([])
        return len(self.worth) - 1

    def row(self, terms, least, most):
        for column, factor in terms:
            self.entries[column].append((len(self.least), factor))
        self.least.append(least)
        self.most.append(most)


def formulate(demands, capacities, edges, rules):
    """Flows, and a yes or no for each group, member and way."""
    model, endless = Model(), highspy.kHighsInf
    flow = [model.column(value, min(demands[row], capacities[column]), False) for row, column, value in edges]
    by_row = [[] for _ in demands]
    by_column = [[] for _ in capacities]
    for edge, (row, column, _) in enumerate(edges):
        by_row[row].append((flow[edge], 1.0))
        by_column[column].append((flow[edge], 1.0))
    served = {}
    for kind, count, content in rules:
        if kind == "together":
            group = model.column(0.0, 1.0, True)
            members = []
            for rows in content:
                member = group if count == len(content) else model.column(0.0, 1.0, True)
                members.append(member)
                served.update((row, member) for row in rows)
            if count < len(content):
                for member in members:
                    model.row([(member, 1.0), (group, -1.0)], -endless, 0.0)
                model.row([(member, 1.0) for member in members] + [(group, -float(count))], 0.0, endless)
        elif kind == "choice":
            used = [model.column(0.0, 1.0, True) for _ in content]
            for way, way_edges in zip(used, content):
                for edge in way_edges:
                    row, column, _ = edges[edge]
                    most = min(demands[row], capacities[column])
                    model.row([(flow[edge], 1.0), (way, -float(most))], -endless, 0.0)
            model.row([(way, 1.0) for way in used], -endless, float(count))
        else:
            for edge, (row, column, _) in enumerate(edges):
                if column == content:
                    lots = model.column(0.0, min(demands[row], capacities[column]) // count, True)
                    model.row([(flow[edge], 1.0), (lots, -float(count))], 0.0, 0.0)
    for row, terms in enumerate(by_row):
        if row in served:
            model.row(terms + [(served[row], -float(demands[row]))], 0.0, 0.0)
        else:
            model.row(terms, -endless, float(demands[row]))
    for column, terms in enumerate(by_column):
        model.row(terms, -endless, float(capacities[column]))
    return model


def solve(model, seconds):
    """What HiGHS found, what it proved, and how long it took."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(model.worth), len(model.least)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = numpy.array(model.worth, dtype=float)
    program.col_lower_, program.col_upper_ = numpy.array(model.low), numpy.array(model.high, dtype=float)
    program.row_lower_, program.row_upper_ = numpy.array(model.least), numpy.array(model.most)
    starts, places, factors = [0], [], []
    for entries in model.entries:
        for place, factor in entries:
            places.append(place)
            factors.append(factor)
        starts.append(len(places))
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = numpy.array(starts, dtype=numpy.int32)
    program.a_matrix_.index_ = numpy.array(places, dtype=numpy.int32)
    program.a_matrix_.value_ = numpy.array(factors, dtype=float)
    kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
    program.integrality_ = [kinds[whole] for whole in model.whole]
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", float(seconds))
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.5)
    highs.passModel(program)
    began = time.perf_counter()
    highs.run()
    took = time.perf_counter() - began
    info = highs.getInfo()
    return info.objective_function_value, info.mip_dual_bound, took


def main():
    files, seconds = sys.argv[1:], 60.0
    if files[:1] == ["--seconds"]:
        seconds, files = float(files[1]), files[2:]
    print(f"{'instance':<28}{'search':>16}{'gap %':>9}{'ms':>9}{'HiGHS':>19}{'gap %':>9}{'times':>9}")
    wrong = 0
    for path in files:
        said, *instance = read(path)
        objective, bound, took = solve(formulate(*instance), seconds)
        # Floats: a part in 10^7 is HiGHS' own tolerance.
        slack = 1e-7 * max(abs(bound), 1.0)
        agrees = objective <= said["bound"] + slack and said["objective"] <= bound + slack
        wrong += not agrees
        mine = 100.0 * (said["bound"] / max(said["objective"], 1) - 1)
        theirs = 100.0 * (bound / max(objective, 1.0) - 1)
        times = took * 1e6 / said["microseconds"] if said.get("microseconds") else float("nan")
        name = path.rsplit("/", 1)[-1].removesuffix(".txt")
        print(
            f"{name:<28}{said['objective']:>16}{mine:>9.4f}{said.get('microseconds', 0) / 1000:>9.1f}"
            f"{objective:>19.1f}{theirs:>9.4f}{times:>9.1f}{'' if agrees else '  DISAGREE'}",
            flush=True,
        )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
