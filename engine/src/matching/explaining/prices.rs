//! Marginal prices: what one more unit would add, exactly.
//!
//! Let `gain(c)` be what one more unit of column `c` would add to the optimum, and `free(r)` what follows when
//! one unit of row `r` is suddenly served from elsewhere: nothing when the row has unmet demand, else the
//! unit it lets go of. One more unit of `c` goes along some edge or stays idle, so
//!
//! ```text
//! gain(c) = max(0, max over edges (r, c) of value + free(r))
//! free(r) = 0 if r has unmet demand, else max over edges (r, c) with flow of gain(c) − value
//! ```
//!
//! These are longest paths in the residual graph of an optimum, which has no cycle that gains; the repeated
//! sweep below (Bellman 1958, Ford 1956) reaches them from below and stops after at most as many sweeps as
//! there are rows. `gain` is the least price a column has in any certificate, `−free` the greatest of a row.

use crate::matching::problem::{Line, Problem};

/// A row that can let go of nothing: smaller than every sum of values, far from overflow.
const NOTHING: i64 = i64::MIN / 4;

/// What one more unit is worth, by row and by column.
#[derive(Debug)]
pub(super) struct Prices {
    rows: Vec<i64>,
    columns: Vec<i64>,
}

/// The edges by what they join, and the best two offers of each row at the prices.
#[derive(Debug)]
pub(super) struct Ledger {
    pub prices: Prices,
    of_asker: Vec<Vec<usize>>,
    of_row: Vec<Vec<usize>>,
    of_column: Vec<Vec<usize>>,
    /// Value less price and column; the second is of another column.
    best: Vec<[Option<(i64, usize)>; 2]>,
}

impl Ledger {
    /// Made once for a plan, when the first explanation asks for it.
    pub fn new(problem: &Problem, lines: &[Line], askers: usize) -> Self {
        let prices = Prices::marginal(problem, lines);
        let (rows, columns) = problem.extent();
        let (mut of_asker, mut of_row, mut of_column) =
            (vec![Vec::new(); askers], vec![Vec::new(); rows], vec![Vec::new(); columns]);
        let mut best = vec![[None; 2]; rows];
        let note = |lists: &mut Vec<Vec<usize>>, place: usize, number: usize| {
            if let Some(list) = lists.get_mut(place) {
                list.push(number);
            }
        };
        for (number, line) in lines.iter().enumerate() {
            if let Some(asker) = line.asker {
                note(&mut of_asker, asker, number);
            }
            note(&mut of_row, line.row, number);
            note(&mut of_column, line.column, number);
            if let Some([first, second]) = best.get_mut(line.row) {
                let offer = Some((line.value - prices.column(line.column), line.column));
                if offer > *first {
                    (*second, *first) = (*first, offer);
                } else if offer > *second {
                    *second = offer;
                }
            }
        }
        Self { prices, of_asker, of_row, of_column, best }
    }

    pub fn of_asker(&self, asker: usize) -> &[usize] {
        self.of_asker.get(asker).map_or(&[], Vec::as_slice)
    }

    pub fn of_row(&self, row: usize) -> &[usize] {
        self.of_row.get(row).map_or(&[], Vec::as_slice)
    }

    pub fn of_column(&self, column: usize) -> &[usize] {
        self.of_column.get(column).map_or(&[], Vec::as_slice)
    }

    /// What a unit of the row is worth anywhere but at this column, at the prices; at least nothing.
    pub fn best_elsewhere(&self, row: usize, column: usize) -> i64 {
        let offers = self.best.get(row).into_iter().flatten().flatten();
        let elsewhere = offers.filter(|(_, at)| *at != column).map(|(worth, _)| *worth);
        elsewhere.fold(0, i64::max)
    }
}

impl Prices {
    /// Read off an optimum, given by its edges.
    pub fn marginal(problem: &Problem, lines: &[Line]) -> Self {
        let (rows, columns) = problem.extent();
        let mut received = vec![0; rows];
        for line in lines {
            if let Some(received) = received.get_mut(line.row) {
                *received += line.flow;
            }
        }
        let unmet = received.iter().enumerate().map(|(row, received)| problem.demand(row) > *received);
        let mut free: Vec<i64> = unmet.map(|unmet| if unmet { 0 } else { NOTHING }).collect();
        let mut gain = vec![0_i64; columns];
        let mut moved = true;
        let mut sweeps = 0;
        while moved && sweeps <= rows {
            moved = false;
            sweeps += 1;
            for line in lines {
                let (Some(gain), Some(free)) = (gain.get_mut(line.column), free.get_mut(line.row)) else {
                    continue;
                };
                if line.flow > 0 && *gain - line.value > *free {
                    *free = *gain - line.value;
                    moved = true;
                }
                if *free > NOTHING && line.value + *free > *gain {
                    *gain = line.value + *free;
                    moved = true;
                }
            }
        }
        let rows = free.into_iter().map(|free| if free == NOTHING { 0 } else { -free }).collect();
        Self { rows, columns: gain }
    }

    /// What serving one unit of the row from elsewhere would have to be worth to add anything.
    pub fn row(&self, row: usize) -> i64 {
        self.rows.get(row).copied().unwrap_or(0)
    }

    /// What one more unit of the column would add.
    pub fn column(&self, column: usize) -> i64 {
        self.columns.get(column).copied().unwrap_or(0)
    }
}
