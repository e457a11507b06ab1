//! Where snapshots are kept: what every backend promises, and a shelf in memory.

use crate::failure::StoreFault;
use engine::identity::Position;
use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read, Write},
    sync::{Arc, PoisonError, RwLock},
};

/// Keeps snapshots by position. What it holds may be lost without harm, but not be half there.
///
/// * **K5 whole or not there** – `list` and `get` show what was put only after `put` has all of it; after a crash it is
///   there wholly or not at all. A second `put` at the same position takes the place of the first.
/// * **K7 exact** – `get` gives the bytes that were put, also when the shelf is opened again.
/// * **K8 gone** – what was removed is not listed, not got, and does not come back.
pub trait Shelf: Send + Sync {
    /// The positions, in rising order.
    ///
    /// # Errors
    /// When the place cannot be read.
    fn list(&self) -> Result<Vec<Position>, StoreFault>;

    /// Keeps what `write` writes.
    ///
    /// # Errors
    /// When `write` fails or the place does. Nothing is kept then.
    fn put(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreFault>;

    /// What is kept at a position, if anything.
    ///
    /// # Errors
    /// When the place cannot be read.
    fn get(&self, position: Position) -> Result<Option<Box<dyn Read + Send>>, StoreFault>;

    /// Removes what is kept at a position, if anything.
    ///
    /// # Errors
    /// When the place cannot be changed.
    fn remove(&self, position: Position) -> Result<(), StoreFault>;
}

/// A shelf in memory. A clone is another handle of the same shelf, as if it were opened again.
#[derive(Clone, Debug, Default)]
pub struct MemoryShelf {
    kept: Arc<RwLock<BTreeMap<Position, Arc<[u8]>>>>,
}

impl Shelf for MemoryShelf {
    fn list(&self) -> Result<Vec<Position>, StoreFault> {
        Ok(self.kept.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect())
    }

    fn put(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreFault> {
        let mut bytes = Vec::new();
        write(&mut bytes).map_err(|error| StoreFault::new("write a snapshot", error))?;
        self.kept.write().unwrap_or_else(PoisonError::into_inner).insert(position, bytes.into());
        Ok(())
    }

    fn get(&self, position: Position) -> Result<Option<Box<dyn Read + Send>>, StoreFault> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        Ok(kept.get(&position).map(|bytes| Box::new(Cursor::new(Arc::clone(bytes))) as Box<dyn Read + Send>))
    }

    fn remove(&self, position: Position) -> Result<(), StoreFault> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).remove(&position);
        Ok(())
    }
}
