//! A log in memory: for tests, demonstrations and trying things out. It keeps the same bytes as a log
//! on disk; "durable" means as long as one handle lives.

use crate::{
    commit::Head,
    failure::{AppendError, ReadError},
    log::{Log, RequestEntry, check_append},
    record::Record,
    request::RequestKey,
    snapshot::{MemoryShelf, Shelf},
};
use engine::identity::Position;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

/// A log in memory. A clone is another handle of the same log, as if it were opened again.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog {
    kept: Arc<RwLock<Kept>>,
    shelf: MemoryShelf,
}

#[derive(Debug)]
struct Kept {
    head: Head,
    texts: Vec<Box<str>>,
    requests: HashMap<RequestKey, Position>,
}

impl Default for Kept {
    fn default() -> Self {
        Self { head: Head::START, texts: Vec::new(), requests: HashMap::new() }
    }
}

impl MemoryLog {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        // Every change is made whole under the lock, after all its checks: a poisoned lock guards nothing half-done.
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for MemoryLog {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        check_append(kept.head, expected, records)?;
        let mut fresh = HashMap::new();
        for record in records {
            let position = record.commit().position;
            let key = record.commit().request_key();
            if kept.requests.contains_key(&key) || fresh.insert(key, position).is_some() {
                return Err(AppendError::RequestRepeated { position });
            }
        }
        kept.requests.extend(fresh);
        kept.texts.extend(records.iter().map(|record| record.text().into()));
        if let Some(last) = records.last() {
            kept.head = last.commit().head();
        }
        Ok(())
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        let kept = self.kept();
        let start = usize::try_from(after.0).unwrap_or(usize::MAX);
        let texts = kept.texts.iter().skip(start).take(limit);
        let mut position = after;
        texts
            .map(|text| {
                position = position.next();
                Record::check(position, text.as_bytes())
            })
            .collect()
    }

    fn head(&self) -> Result<Head, ReadError> {
        Ok(self.kept().head)
    }

    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        Ok(self.kept().requests.get(request).copied())
    }

    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        for (key, position) in &self.kept().requests {
            visit(RequestEntry { key: Ok(key.clone()), position: *position });
        }
        Ok(())
    }

    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        Some(Arc::new(self.shelf.clone()))
    }
}
