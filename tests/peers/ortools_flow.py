"""OR-tools' SimpleMinCostFlow (cost scaling) on an instance file: `ortools_flow.py FILE TIMES SECONDS`.

The same network as in `lemon.cpp`: columns supply, rows demand, one more node takes and gives the rest. `solve` makes
the solver's own graph anew each time; that cannot be had apart from it and is counted as solving.
"""

import sys

import numpy
from ortools.graph.python import min_cost_flow

from instance import measure


def lay_out(instance):
    rows, columns = len(instance.demands), len(instance.capacities)
    rest = columns + rows
    demands = instance.demands.astype(numpy.int64)
    capacities = instance.capacities.astype(numpy.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        instance.columns.astype(numpy.int32),
        (columns + instance.rows).astype(numpy.int32),
        numpy.minimum(demands[instance.rows], capacities[instance.columns]),
        -instance.values.astype(numpy.int64),
    )
    nodes = numpy.arange(columns, dtype=numpy.int32)
    flow.add_arcs_with_capacity_and_unit_cost(
        nodes, numpy.full_like(nodes, rest), capacities, numpy.zeros_like(capacities)
    )
    nodes = numpy.arange(columns, rest, dtype=numpy.int32)
    flow.add_arcs_with_capacity_and_unit_cost(
        numpy.full_like(nodes, rest), nodes, demands, numpy.zeros_like(demands)
    )
    missing = demands.sum() - capacities.sum()
    flow.set_nodes_supplies(
        numpy.arange(rest + 1, dtype=numpy.int32), numpy.concatenate((capacities, -demands, [missing]))
    )
    return flow


def solve(flow):
    if flow.solve() != flow.OPTIMAL:
        sys.exit("no optimum was found")
    return lambda: -flow.optimal_cost()


if __name__ == "__main__":
    measure("OR-tools SimpleMinCostFlow", lay_out, solve)
