//! The edits: what a caller may change. Each is checked as a whole before anything moves.

use super::*;

impl Standing {
    /// Adds a row that asks for `demand` units, with what a unit of each column it may have is worth.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn add_row(&mut self, key: u64, demand: u64, offers: &[(u64, i64)]) -> Result<(), Refused> {
        if self.rows.slot(key).is_some() {
            return Err(Refused::RowExists(key));
        }
        let demand = within(demand, DEMAND_MAX)?;
        if self.rows.slots() == ROWS_MAX {
            return Err(Refused::Full);
        }
        let offers = found(offers, |column| self.columns.slot(column).ok_or(Refused::NoSuchColumn(column)))?;
        let row = self.rows.enter(key, demand);
        self.make_room(row_node(row));
        for (column, value) in offers {
            self.rows.at_mut(row).link(column, value);
            self.columns.at_mut(column).link(row, value);
        }
        if demand > 0 {
            self.hang(row_node(row), demand);
        }
        Ok(())
    }

    /// Adds a column that can give `capacity` units, with what a unit of it is worth to each row that may have it.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn add_column(&mut self, key: u64, capacity: u64, askers: &[(u64, i64)]) -> Result<(), Refused> {
        if self.columns.slot(key).is_some() {
            return Err(Refused::ColumnExists(key));
        }
        let capacity = within(capacity, CAPACITY_MAX)?;
        if self.columns.slots() == COLUMNS_MAX {
            return Err(Refused::Full);
        }
        let askers = found(askers, |row| self.rows.slot(row).ok_or(Refused::NoSuchRow(row)))?;
        let column = self.columns.enter(key, capacity);
        self.make_room(column_node(column));
        for (row, value) in askers {
            self.columns.at_mut(column).link(row, value);
            self.rows.at_mut(row).link(column, value);
        }
        self.hang(column_node(column), capacity);
        Ok(())
    }

    /// Takes a row away, with its edges.
    ///
    /// # Errors
    /// [`Refused::NoSuchRow`].
    pub fn remove_row(&mut self, key: u64) -> Result<(), Refused> {
        self.set_demand(key, 0)?;
        let row = self.rows.slot(key).ok_or(Refused::NoSuchRow(key))?;
        for link in &self.rows.at(row).links {
            self.columns.at_mut(link.to).unlink(row);
        }
        self.rows.leave(row);
        Ok(())
    }

    /// Takes a column away, with its edges.
    ///
    /// # Errors
    /// [`Refused::NoSuchColumn`].
    pub fn remove_column(&mut self, key: u64) -> Result<(), Refused> {
        self.set_capacity(key, 0)?;
        let column = self.columns.slot(key).ok_or(Refused::NoSuchColumn(key))?;
        self.tree.unhang(column_node(column));
        for link in &self.columns.at(column).links {
            self.rows.at_mut(link.to).unlink(column);
        }
        self.columns.leave(column);
        Ok(())
    }

    /// Lets a row ask for more or less.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn set_demand(&mut self, key: u64, demand: u64) -> Result<(), Refused> {
        let row = self.rows.slot(key).ok_or(Refused::NoSuchRow(key))?;
        let demand = within(demand, DEMAND_MAX)?;
        let before = std::mem::replace(&mut self.rows.at_mut(row).units, demand);
        if before == 0 && demand > 0 {
            self.hang(row_node(row), demand);
        } else if demand > before {
            self.raise(row_node(row), demand - before);
        } else if demand < before {
            self.lower_row(row, before - demand, demand);
        }
        Ok(())
    }

    /// Lets a column give more or less.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn set_capacity(&mut self, key: u64, capacity: u64) -> Result<(), Refused> {
        let column = self.columns.slot(key).ok_or(Refused::NoSuchColumn(key))?;
        let capacity = within(capacity, CAPACITY_MAX)?;
        let before = std::mem::replace(&mut self.columns.at_mut(column).units, capacity);
        if capacity > before {
            self.raise(column_node(column), capacity - before);
        } else if capacity < before {
            self.lower_column(column, before - capacity);
        }
        Ok(())
    }

    /// Makes a unit of a column worth so much to a row, or takes their edge away.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn set_value(&mut self, row: u64, column: u64, value: Option<i64>) -> Result<(), Refused> {
        let row = self.rows.slot(row).ok_or(Refused::NoSuchRow(row))?;
        let column = self.columns.slot(column).ok_or(Refused::NoSuchColumn(column))?;
        let value = value.map(worth).transpose()?;
        self.put(row, column, value);
        Ok(())
    }

    /// Replaces all edges of a row.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn set_offers(&mut self, row: u64, offers: &[(u64, i64)]) -> Result<(), Refused> {
        let row = self.rows.slot(row).ok_or(Refused::NoSuchRow(row))?;
        let offers = found(offers, |column| self.columns.slot(column).ok_or(Refused::NoSuchColumn(column)))?;
        let kept = |to: u32| offers.binary_search_by_key(&to, |&(column, _)| column).is_ok();
        let gone: Vec<u32> =
            self.rows.at(row).links.iter().map(|link| link.to).filter(|&to| !kept(to)).collect();
        for column in gone {
            self.put(row, column, None);
        }
        for (column, value) in offers {
            self.put(row, column, Some(value));
        }
        Ok(())
    }

    /// The value of one edge, or none.
    fn put(&mut self, row: u32, column: u32, value: Option<u32>) {
        let before = self.rows.at(row).value(column);
        let tree_edge = self.joined(row, column);
        match value {
            Some(value) => {
                self.rows.at_mut(row).link(column, value);
                self.columns.at_mut(column).link(row, value);
                let more = i64::from(value) - before.map_or(0, i64::from);
                if more == 0 {
                    return;
                }
                if let Some(lower) = tree_edge {
                    self.objective += i128::from(more) * i128::from(self.at(lower).flow);
                    let change = Worth { value: more, tie: 0 };
                    self.tree.lift(lower, if is_row(lower) { change } else { -change });
                } else if more > 0 && self.rows.at(row).units > 0 {
                    self.tree.books.stand_in_line(row_node(row));
                }
            }
            None => {
                if let Some(lower) = tree_edge {
                    self.cut(lower);
                }
                self.rows.at_mut(row).unlink(column);
                self.columns.at_mut(column).unlink(row);
            }
        }
    }

    /// Hangs a node that is not in the tree from the root, by its slack.
    fn hang(&mut self, node: u32, flow: u32) {
        self.tree.hang(node, flow);
        self.tree.books.prices[node as usize] = Worth::ZERO;
        self.tree.books.stand_in_line(node);
    }

    fn make_room(&mut self, node: u32) {
        let size = self.tree.nodes.len().max(node as usize + 1);
        self.tree.nodes.resize(size, Node::OUTSIDE);
        self.tree.ring.resize(size, Step::OUTSIDE);
        self.tree.books.grow(size);
    }
}

/// A quantity in 32 bits.
fn within(units: u64, most: u64) -> Result<u32, Refused> {
    u32::try_from(units).ok().filter(|_| units <= most).ok_or(Refused::OutOfBounds(i128::from(units)))
}

/// A value in 32 bits.
fn worth(value: i64) -> Result<u32, Refused> {
    let positive = u32::try_from(value).ok().filter(|&narrow| narrow > 0 && value <= VALUE_MAX);
    positive.ok_or(Refused::OutOfBounds(i128::from(value)))
}

/// Edges by slot of the other end, each once.
fn found(
    edges: &[(u64, i64)],
    slot: impl Fn(u64) -> Result<u32, Refused>,
) -> Result<Vec<(u32, u32)>, Refused> {
    let mut keys: Vec<u64> = edges.iter().map(|&(key, _)| key).collect();
    keys.sort_unstable();
    if let Some((_, &twice)) = keys.iter().zip(keys.iter().skip(1)).find(|(one, other)| one == other) {
        return Err(Refused::DuplicateEdge(twice));
    }
    let mut found =
        edges.iter().map(|&(key, value)| Ok((slot(key)?, worth(value)?))).collect::<Result<Vec<_>, _>>()?;
    found.sort_unstable();
    Ok(found)
}
