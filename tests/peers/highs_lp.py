"""HiGHS on an instance file as a linear program: `highs_lp.py FILE TIMES SECONDS`.

A variable for each edge, a constraint for each row and each column, the method left to HiGHS. Its floating-point answer
is rounded, checked against every demand and capacity, and added up in whole numbers.
"""

import sys

import highspy
import numpy

from instance import measure


def lay_out(instance):
    edges, rows, columns = len(instance.values), len(instance.demands), len(instance.capacities)
    lp = highspy.HighsLp()
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.num_col_ = edges
    lp.num_row_ = rows + columns
    lp.col_cost_ = instance.values.astype(float)
    lp.col_lower_ = numpy.zeros(edges)
    lp.col_upper_ = numpy.full(edges, highspy.kHighsInf)
    lp.row_lower_ = numpy.full(rows + columns, -highspy.kHighsInf)
    lp.row_upper_ = numpy.concatenate((instance.demands, instance.capacities)).astype(float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = numpy.arange(0, 2 * edges + 1, 2, dtype=numpy.int32)
    ends = numpy.stack((instance.rows, rows + instance.columns), axis=1)
    lp.a_matrix_.index_ = ends.ravel().astype(numpy.int32)
    lp.a_matrix_.value_ = numpy.ones(2 * edges)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    return highs


def whole_objective(highs):
    lp = highs.getLp()
    found = numpy.array(highs.getSolution().col_value)
    flows = numpy.rint(found).astype(numpy.int64)
    ends = numpy.array(lp.a_matrix_.index_).reshape(-1, 2)
    used = numpy.bincount(ends.ravel(), numpy.repeat(flows, 2), len(lp.row_upper_))
    if numpy.abs(found - flows).max() > 1e-6 or flows.min() < 0 or (used > numpy.array(lp.row_upper_)).any():
        sys.exit("the answer is not a whole flow")
    return int(numpy.array(lp.col_cost_).astype(numpy.int64) @ flows)


def solve(highs):
    highs.clearSolver()
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        sys.exit("no optimum was found")
    return lambda: whole_objective(highs)


if __name__ == "__main__":
    measure("HiGHS LP", lay_out, solve)
