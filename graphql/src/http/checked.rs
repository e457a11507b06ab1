//! Documents that were read before: parsed once, and held against the schema once.
//!
//! 1. A document is known by its whole text.
//! 2. It counts as *valid* once it was executed: then every rule of the specification that looks at the document has
//!    passed, and only those that depend on the variables are to be asked again. They are: see
//!    [`super::variables`], and the limits on depth and complexity.
//! 3. So many bytes of text are kept; what was not asked for longest makes room. A parsed document takes about fifty
//!    times its text.

use async_graphql::parser::types::ExecutableDocument;
use lru::LruCache;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// The texts of all documents together, in bytes.
const BYTES_MAX: usize = 512 << 10;

/// The longest document that is kept, in bytes.
const ONE_BYTES_MAX: usize = 16 << 10;

/// A document that parses.
#[derive(Debug)]
pub struct Checked {
    /// What it says.
    pub document: ExecutableDocument,
    valid: AtomicBool,
}

impl Checked {
    /// A document of which no more is known.
    pub const fn new(document: ExecutableDocument) -> Self {
        Self { document, valid: AtomicBool::new(false) }
    }

    /// Whether it fits the schema, as far as that is known.
    pub fn is_valid(&self) -> bool {
        self.valid.load(Ordering::Relaxed)
    }

    /// Notes that it was executed.
    pub fn passed(&self) {
        self.valid.store(true, Ordering::Relaxed);
    }
}

/// The documents that were read before. A clone is another handle.
#[derive(Clone, Debug)]
pub struct CheckedDocuments(Arc<Mutex<Shelf>>);

#[derive(Debug)]
struct Shelf {
    documents: LruCache<Arc<str>, Arc<Checked>>,
    bytes: usize,
}

impl Default for CheckedDocuments {
    /// None yet.
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Shelf { documents: LruCache::unbounded(), bytes: 0 })))
    }
}

impl CheckedDocuments {
    /// The document of a text, parsed now if it is not known.
    ///
    /// # Errors
    /// Those of `parse`.
    pub fn find<E>(
        &self,
        text: &str,
        parse: impl FnOnce(&str) -> Result<ExecutableDocument, E>,
    ) -> Result<Arc<Checked>, E> {
        if let Some(known) = self.shelf().documents.get(text) {
            return Ok(Arc::clone(known));
        }
        let checked = Arc::new(Checked::new(parse(text)?));
        if text.len() <= ONE_BYTES_MAX {
            let mut shelf = self.shelf();
            shelf.bytes += text.len();
            if let Some((old, _)) = shelf.documents.push(text.into(), Arc::clone(&checked)) {
                shelf.bytes -= old.len();
            }
            while shelf.bytes > BYTES_MAX {
                let Some((old, _)) = shelf.documents.pop_lru() else { break };
                shelf.bytes -= old.len();
            }
        }
        Ok(checked)
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn find(documents: &CheckedDocuments, text: &str) -> Arc<Checked> {
        documents.find(text, |text| parse_query(text)).unwrap()
    }

    #[test]
    fn a_document_is_parsed_once_and_known_by_its_whole_text() {
        let documents = CheckedDocuments::default();
        let first = find(&documents, "{ position }");
        first.passed();
        let known = documents.find("{ position }", |_| Err("parsed again")).unwrap();
        assert!(Arc::ptr_eq(&first, &known) && known.is_valid());
        assert!(!find(&documents, "{ position  }").is_valid());
        assert!(documents.find("{", |text| parse_query(text)).is_err());
        assert!(documents.find("{", |text| parse_query(text)).is_err(), "what is wrong is not kept");
    }

    #[test]
    fn texts_are_bounded_and_the_oldest_makes_room() {
        let documents = CheckedDocuments::default();
        let long = |number: usize| format!("{{ a{number} }} #{}", "x".repeat(ONE_BYTES_MAX - 32));
        let fit = BYTES_MAX / long(100).len();
        for number in 0..fit + 2 {
            find(&documents, &long(100 + number)).passed();
        }
        assert!(documents.shelf().bytes <= BYTES_MAX);
        let kept: usize = documents.shelf().documents.iter().map(|(text, _)| text.len()).sum();
        assert_eq!(documents.shelf().bytes, kept);
        assert!(!find(&documents, &long(100)).is_valid(), "the oldest made room");
        assert!(find(&documents, &long(100 + fit)).is_valid());
        let too_long = format!("{{ a }} #{}", "x".repeat(ONE_BYTES_MAX));
        find(&documents, &too_long).passed();
        assert!(!find(&documents, &too_long).is_valid(), "too long to keep");
    }
}
