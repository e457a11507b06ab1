//! Documents that are known by a name: registered by clients as they go, or listed by the operator.
//!
//! 1. *Registered* (automatic persisted queries, by Apollo's `extensions.persistedQuery`): a client sends the
//!    SHA-256 of a document alone; when it is not known, the answer is `PERSISTED_QUERY_NOT_FOUND` and the client
//!    sends both. What was not used for longest makes room.
//! 2. *Listed*: only the documents of one file run, named by their id (`documentId`, or the hash) or sent in
//!    full. The file is a JSON object of ids and texts as Relay's compiler writes it, or Apollo's manifest.

use crate::{schema::fault::FaultCode, sign_in};
use lru::LruCache;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

/// How many documents may be registered.
const REGISTERED_MAX: NonZeroUsize = NonZeroUsize::new(512).expect("it is not zero");

/// The longest document that is kept, in bytes: all of them take 8 MiB.
const REGISTERED_BYTES_MAX: usize = 16 << 10;

/// The SHA-256 of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// That of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Its first digits, for the log.
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&sign_in::hex(&self.0))
    }
}

/// The documents of a server.
#[derive(Clone)]
pub enum Documents {
    /// Any document runs; some are known by their fingerprint.
    Open(Arc<Mutex<LruCache<String, Arc<str>>>>),
    /// Only these run, by id and by fingerprint.
    Listed(Arc<HashMap<String, Arc<str>>>),
}

impl Default for Documents {
    /// Any document runs.
    fn default() -> Self {
        Self::Open(Arc::new(Mutex::new(LruCache::new(REGISTERED_MAX))))
    }
}

/// The list is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a list of documents is a JSON object of ids and texts, or Apollo's manifest")]
pub struct BadList;

impl Documents {
    /// Those of a list, and no others.
    ///
    /// # Errors
    /// [`BadList`] when it is none.
    pub fn listed(list: &str) -> Result<Self, BadList> {
        let list: Value = serde_json::from_str(list).map_err(|_| BadList)?;
        let entries: Vec<(&str, &str)> = match list.get("operations").and_then(Value::as_array) {
            Some(operations) => operations
                .iter()
                .map(|it| Some((it.get("id")?.as_str()?, it.get("body")?.as_str()?)))
                .collect::<Option<_>>()
                .ok_or(BadList)?,
            None => list
                .as_object()
                .ok_or(BadList)?
                .iter()
                .map(|(id, text)| Some((id.as_str(), text.as_str()?)))
                .collect::<Option<_>>()
                .ok_or(BadList)?,
        };
        let mut documents = HashMap::new();
        for (id, text) in entries {
            let shared: Arc<str> = text.into();
            documents.insert(Fingerprint::of(text).to_string(), Arc::clone(&shared));
            documents.insert(id.to_owned(), shared);
        }
        Ok(Self::Listed(Arc::new(documents)))
    }

    /// The document that is meant.
    ///
    /// # Errors
    /// The code and the message when there is none, or it may not run.
    pub fn find(&self, text: Option<String>, id: Option<&str>) -> Result<String, (FaultCode, &'static str)> {
        match (self, text, id) {
            (_, None, None) => Err((FaultCode::BadRequest, "`query` is missing")),
            (Self::Open(_), Some(text), None) => Ok(text),
            (Self::Open(_), Some(text), Some(id)) => {
                if Fingerprint::of(&text).to_string() != id {
                    return Err((FaultCode::BadRequest, "the hash is not that of the query"));
                }
                Ok(text)
            }
            (Self::Open(registered), None, Some(id)) => {
                let mut registered = registered.lock().unwrap_or_else(PoisonError::into_inner);
                let found = registered.get(id).map(|text| text.to_string());
                // Clients of Apollo know this very word.
                found.ok_or((FaultCode::PersistedQueryNotFound, "PersistedQueryNotFound"))
            }
            (Self::Listed(listed), text, id) => {
                let id =
                    text.map(|text| Fingerprint::of(&text).to_string()).or_else(|| id.map(str::to_owned));
                let found = id.and_then(|id| listed.get(&id).map(|text| text.to_string()));
                found.ok_or((FaultCode::DocumentNotListed, "only the listed documents run here"))
            }
        }
    }

    /// Remembers a document that may run, when its client has named it.
    pub fn register(&self, id: Option<&str>, text: &str) {
        if let (Self::Open(registered), Some(id)) = (self, id)
            && text.len() <= REGISTERED_BYTES_MAX
        {
            let mut registered = registered.lock().unwrap_or_else(PoisonError::into_inner);
            if !registered.contains(id) {
                registered.put(id.to_owned(), text.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{ position }";

    fn fingerprint() -> String {
        Fingerprint::of(TEXT).to_string()
    }

    #[test]
    fn a_registered_document_is_known_by_its_hash_from_then_on() {
        let documents = Documents::default();
        let id = fingerprint();
        let unknown = documents.find(None, Some(&id)).unwrap_err();
        assert_eq!(unknown, (FaultCode::PersistedQueryNotFound, "PersistedQueryNotFound"));
        assert_eq!(documents.find(Some(TEXT.into()), Some(&id)).unwrap(), TEXT);
        documents.register(Some(&id), TEXT);
        assert_eq!(documents.find(None, Some(&id)).unwrap(), TEXT);
        let wrong = documents.find(Some("{ time }".into()), Some(&id)).unwrap_err();
        assert_eq!(wrong.0, FaultCode::BadRequest, "nobody registers another text under a hash");
    }

    #[test]
    fn so_many_documents_are_kept_and_no_long_ones() {
        let documents = Documents::default();
        documents.register(Some("long"), &"x".repeat(REGISTERED_BYTES_MAX + 1));
        assert!(documents.find(None, Some("long")).is_err());
        for number in 0..=REGISTERED_MAX.get() {
            documents.register(Some(&number.to_string()), TEXT);
        }
        assert!(documents.find(None, Some("0")).is_err(), "the oldest made room");
        assert!(documents.find(None, Some("1")).is_ok());
    }

    #[test]
    fn only_what_is_listed_runs_by_id_by_hash_or_in_full() {
        let relay = format!("{{ \"board\": \"{TEXT}\" }}");
        let apollo = format!(
            "{{ \"format\": \"apollo-persisted-query-manifest\", \"version\": 1, \"operations\":
            [{{ \"id\": \"board\", \"name\": \"B\", \"type\": \"query\", \"body\": \"{TEXT}\" }}] }}"
        );
        for list in [relay, apollo] {
            let documents = Documents::listed(&list).unwrap();
            assert_eq!(documents.find(None, Some("board")).unwrap(), TEXT);
            assert_eq!(documents.find(None, Some(&fingerprint())).unwrap(), TEXT);
            assert_eq!(documents.find(Some(TEXT.into()), None).unwrap(), TEXT);
            for (text, id) in
                [(Some("{ time }"), None), (None, Some("other")), (Some("{ time }"), Some("board"))]
            {
                let refused = documents.find(text.map(str::to_owned), id).unwrap_err();
                assert_eq!(refused.0, FaultCode::DocumentNotListed);
            }
        }
        for wrong in ["", "[]", "{ \"a\": 1 }", "{ \"operations\": [{}] }"] {
            assert_eq!(Documents::listed(wrong).err(), Some(BadList), "{wrong}");
        }
    }
}
