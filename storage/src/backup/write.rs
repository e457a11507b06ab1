//! Writing the lines of a log up to where it ended when the writing began.

use super::{
    BackupError, BackupReport, Origin, Progress, Step,
    lines::{FORMAT, Header, RunningHash, Trailer, VERSION},
    walk::Walk,
};
use crate::{
    commit::{Commit, Head},
    failure::{Damage, Flaw, ReadError, StoreFault},
    log::Log,
    record::Record,
};
use engine::identity::Position;
use serde::Serialize;
use std::io::Write;

/// Records asked for in one read.
const PAGE: u64 = 1_000;

/// Lines on their way out, with the digest of all so far.
struct Lines<'a> {
    out: &'a mut dyn Write,
    digest: RunningHash,
    bytes: u64,
}

impl Lines<'_> {
    fn put(&mut self, text: &str) -> Result<(), BackupError> {
        for bytes in [text.as_bytes(), b"\n"] {
            self.out.write_all(bytes).map_err(output)?;
            self.digest.update(bytes);
            self.bytes += bytes.len() as u64;
        }
        Ok(())
    }

    fn put_json(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        self.put(&serde_json::to_string(line).map_err(output)?)
    }
}

/// Writes header, records and trailer. `packed_bytes` of the report are the caller's to tell.
pub(super) fn lines(
    log: &dyn Log,
    after: Position,
    origin: &Origin,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackupReport, BackupError> {
    let head = log.head()?;
    if after > head.position {
        return Err(BackupError::AfterHead { after, head: head.position });
    }
    let base = commit_at(log, after)?;
    let mut walk = Walk::after_commit(base.as_ref());
    let first = if head == Head::START { None } else { commit_at(log, Position(1))? };
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        street: origin.street.clone(),
        first: first.map(|commit| commit.hash),
        after: walk.head(),
        head,
        created: origin.created,
    };

    let mut lines = Lines { out, digest: RunningHash::default(), bytes: 0 };
    lines.put_json(&header)?;
    while walk.head().position < head.position {
        let stands = walk.head().position;
        for record in page(log, stands, head.position)? {
            let position = walk.head().position.next();
            let damaged = |flaw| ReadError::Damaged(Damage { position, flaw });
            walk.link(record.commit()).map_err(damaged)?;
            if record.text().contains('\n') {
                // Nothing that seals records writes one: a line would no longer be a record.
                return Err(damaged(Flaw::NotUnderstood("a line break".to_owned())).into());
            }
            lines.put(record.text())?;
            progress(Progress { step: Step::Writing, position, head: head.position });
        }
    }
    if walk.head() != head {
        let flaw = Flaw::WrongHead { stated: head.hash, found: walk.head().hash };
        return Err(ReadError::Damaged(Damage { position: head.position, flaw }).into());
    }
    let trailer = Trailer { commits: header.commits(), sha256: lines.digest.hash(), head };
    lines.put_json(&trailer)?;
    Ok(BackupReport {
        commits: header.commits(),
        plain_bytes: lines.bytes,
        written_bytes: lines.bytes,
        header,
    })
}

/// The next records, none of them after `end`: later ones may have come meanwhile.
fn page(log: &dyn Log, after: Position, end: Position) -> Result<Vec<Record>, ReadError> {
    let limit = PAGE.min(end.0.saturating_sub(after.0)) as usize;
    let page = log.read(after, limit)?;
    if page.is_empty() {
        return Err(Damage { position: after.next(), flaw: Flaw::Missing }.into());
    }
    Ok(page)
}

/// The commit at this position of the log; none at 0.
pub(super) fn commit_at(log: &dyn Log, position: Position) -> Result<Option<Commit>, ReadError> {
    match position.0.checked_sub(1) {
        None => Ok(None),
        Some(before) => Ok(page(log, Position(before), position)?.pop().map(Record::into_commit)),
    }
}

pub(super) fn output(error: impl ToString) -> BackupError {
    BackupError::Output(StoreFault::new("write", error))
}
