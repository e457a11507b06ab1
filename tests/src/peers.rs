//! The instances on which the exact solver is set beside its peers, and the file they are handed over in.
//!
//! An instance is a function of its [`Case`] and a seed. Rows ask for 1–40 units and have about 20 edges each. In *ample*
//! ones a column gives 1–100 and values are drawn apart, 1–1,000,000; in *scarce* ones it gives 1–50, less than is asked
//! for, and a value is the product of the row's weight and nearly the column's, so that all want the same and long chains
//! of displacement decide. *Territorial* means that a row's columns lie near its own place in the numbering, *random* that
//! they lie anywhere.
//!
//! The file is for programs in other languages: eight bytes `GJPEERS1`, then unsigned numbers of 32 bits, least byte first:
//! the counts of rows, columns and edges; each row's demand; each column's capacity; each edge's row; each edge's column;
//! each edge's value. Edges stand by row, then by column. [`Instance::write_dimacs`] says the same in the text format that
//! most minimum-cost flow programs read.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use engine::matching::transport::{Edge, Transport};

use crate::random::SplitMix64;

/// How much there is of what is asked for, and who wants what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// Enough for nearly everybody, values drawn apart.
    Ample,
    /// Less than is asked for, and all want the same.
    Scarce,
}

/// Where the columns lie that a row has edges to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// Within a hundred columns of the row's own place.
    Territorial,
    /// Anywhere.
    Random,
}

/// What to draw.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// How many ask.
    pub rows: u32,
    /// How many can give.
    pub columns: u32,
    /// How scarce it is.
    pub temper: Temper,
    /// How near it lies.
    pub numbering: Numbering,
}

/// The sizes by name: a community, a street, a district, a city.
pub const SIZES: [(&str, u32, u32); 4] =
    [("S", 100, 80), ("M", 2_000, 1_500), ("L", 20_000, 15_000), ("XL", 200_000, 150_000)];

const MAGIC: &[u8; 8] = b"GJPEERS1";

/// An instance as plain numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// What each row asks for.
    pub demands: Vec<u64>,
    /// What each column can give.
    pub capacities: Vec<u64>,
    /// By row, then by column.
    pub edges: Vec<Edge>,
}

impl Instance {
    /// The instance of this case and this seed.
    pub fn draw(case: Case, seed: u64) -> Self {
        let mut random = SplitMix64::new(seed);
        let most = match case.temper {
            Temper::Ample => 100,
            Temper::Scarce => 50,
        };
        let demands: Vec<u64> = (0..case.rows).map(|_| random.between(1, 40)).collect();
        let capacities: Vec<u64> = (0..case.columns).map(|_| random.between(1, most)).collect();
        let row_weights: Vec<u64> = demands.iter().map(|_| random.between(100, 999)).collect();
        let column_weights: Vec<u64> = capacities.iter().map(|_| random.between(100, 999)).collect();

        let mut edges = Vec::with_capacity(20 * demands.len());
        for (row, row_weight) in (0..case.rows).zip(row_weights) {
            let mut columns: Vec<u32> = (0..20).map(|_| case.column_for(row, &mut random)).collect();
            columns.sort_unstable();
            columns.dedup();
            for column in columns {
                let value = match case.temper {
                    Temper::Ample => random.between(1, 1_000_000),
                    Temper::Scarce => row_weight * (column_weights[column as usize] + random.below(100)),
                };
                edges.push(Edge { row, column, value: value as i64 });
            }
        }
        Self { demands, capacities, edges }
    }

    /// The instance as the solver takes it.
    pub fn transport(&self) -> Transport {
        Transport::new(&self.demands, &self.capacities, self.edges.iter().copied()).unwrap()
    }

    /// Writes the file the module's documentation describes.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all(MAGIC)?;
        let mut put = |number: u64| file.write_all(&u32::try_from(number).unwrap().to_le_bytes());
        for count in [self.demands.len(), self.capacities.len(), self.edges.len()] {
            put(count as u64)?;
        }
        self.demands.iter().chain(&self.capacities).try_for_each(|&units| put(units))?;
        self.edges.iter().try_for_each(|edge| put(edge.row.into()))?;
        self.edges.iter().try_for_each(|edge| put(edge.column.into()))?;
        self.edges.iter().try_for_each(|edge| put(edge.value as u64))?;
        file.flush()
    }

    /// Reads what [`Instance::write`] wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path)?;
        let numbers = bytes.strip_prefix(MAGIC).expect("the file is one of these instances");
        let (numbers, rest) = numbers.as_chunks::<4>();
        assert!(rest.is_empty(), "the file was cut");
        let mut numbers = numbers.iter().map(|&number| u32::from_le_bytes(number));
        let mut count = || numbers.next().unwrap() as usize;
        let (rows, columns, edges) = (count(), count(), count());
        assert_eq!(numbers.len(), rows + columns + 3 * edges, "the file was cut");
        let demands = numbers.by_ref().take(rows).map(u64::from).collect();
        let capacities = numbers.by_ref().take(columns).map(u64::from).collect();
        let edge_columns = numbers.clone().skip(edges);
        let edge_values = numbers.clone().skip(2 * edges);
        let edges = numbers.take(edges).zip(edge_columns).zip(edge_values);
        let edges = edges.map(|((row, column), value)| Edge { row, column, value: value.into() }).collect();
        Ok(Self { demands, capacities, edges })
    }

    /// Writes the same problem as a minimum-cost flow in DIMACS format.
    ///
    /// Nodes are the columns, the rows and one more, the rest, from 1. What a column does not give goes to the rest, what a
    /// row does not get comes from there, both at cost 0; an edge runs from its column to its row and costs minus its value.
    /// The least cost is minus the best value.
    pub fn write_dimacs(&self, mut to: impl Write) -> Result<()> {
        let (rows, columns) = (self.demands.len(), self.capacities.len());
        let rest = columns + rows + 1;
        let asked: u64 = self.demands.iter().sum();
        let offered: u64 = self.capacities.iter().sum();
        writeln!(to, "p min {rest} {}", self.edges.len() + columns + rows)?;
        for (node, capacity) in (1..).zip(&self.capacities) {
            writeln!(to, "n {node} {capacity}")?;
        }
        for (node, demand) in (columns + 1..).zip(&self.demands) {
            writeln!(to, "n {node} -{demand}")?;
        }
        writeln!(to, "n {rest} {}", i128::from(asked) - i128::from(offered))?;
        for &Edge { row, column, value } in &self.edges {
            let most = self.demands[row as usize].min(self.capacities[column as usize]);
            writeln!(to, "a {} {} 0 {most} -{value}", column + 1, columns + 1 + row as usize)?;
        }
        for (node, capacity) in (1..).zip(&self.capacities) {
            writeln!(to, "a {node} {rest} 0 {capacity} 0")?;
        }
        for (node, demand) in (columns + 1..).zip(&self.demands) {
            writeln!(to, "a {rest} {node} 0 {demand} 0")?;
        }
        to.flush()
    }
}

impl Case {
    fn column_for(self, row: u32, random: &mut SplitMix64) -> u32 {
        let columns = u64::from(self.columns);
        let column = match self.numbering {
            Numbering::Random => random.below(columns),
            Numbering::Territorial => {
                let reach = (columns / 2).min(100);
                let here = u64::from(row) * columns / u64::from(self.rows);
                (here + columns - reach + random.below(2 * reach)) % columns
            }
        };
        column as u32
    }
}
