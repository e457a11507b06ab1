//! Reading the lines of a backup as if nothing of it were trusted: every hash, every link, the trailer.

use super::{
    RestoreError,
    failure::{Fault, FileFlaw},
    lines::{FORMAT, Header, HeaderVersion, RunningHash, Trailer, VERSION},
    spool::{Spool, directory},
    walk::Walk,
};
use crate::{
    commit::Head,
    failure::{Flaw, ReadError},
    record::Record,
};
use engine::identity::Position;
use std::io::{self, BufRead, ErrorKind, Read};

/// The most bytes of a line: far more than a command may bring, and a bound for a file that is no backup.
const LINE_BYTES_MAX: u64 = 1 << 30;

/// Reads the whole file and shows its records on the way. Only after `Ok` are they known to be all.
pub(super) fn lines(
    spool: &mut Spool,
    mut visit: impl FnMut(&Header, Record) -> Result<(), RestoreError>,
) -> Result<Header, RestoreError> {
    let flaw = spool.flaw();
    let mut lines = Lines::over(spool.lines().map_err(directory("read the copy"))?);
    let header = header(&mut lines)?;
    let mut walk = Walk::after(header.after);
    while walk.head().position < header.head.position {
        let record = record(&mut lines, &mut walk, &header)?;
        visit(&header, record)?;
    }
    trailer(&mut lines, &header)?;
    if lines.next(None)? {
        return Err(lines.fault(None, FileFlaw::AfterTrailer));
    }
    match flaw {
        Some(flaw) => Err(lines.fault(None, flaw)),
        None => Ok(header),
    }
}

/// The lines on their way in, with the digest of those before the present one.
struct Lines<'a> {
    input: Box<dyn BufRead + 'a>,
    number: u64,
    line: Vec<u8>,
    digest: RunningHash,
}

impl<'a> Lines<'a> {
    fn over(input: Box<dyn BufRead + 'a>) -> Self {
        Self { input, number: 0, line: Vec::new(), digest: RunningHash::default() }
    }

    /// Reads the next line into `line`; `false` at the end of the file.
    fn next(&mut self, position: Option<Position>) -> Result<bool, RestoreError> {
        self.digest.update(&self.line);
        self.line.clear();
        self.number += 1;
        let read = (&mut self.input).take(LINE_BYTES_MAX).read_until(b'\n', &mut self.line);
        match read {
            Ok(0) => Ok(false),
            Ok(_) if self.line.ends_with(b"\n") => Ok(true),
            Ok(read) if read as u64 == LINE_BYTES_MAX => {
                Err(self.fault(position, FileFlaw::TooLong { bytes_max: LINE_BYTES_MAX }))
            }
            Ok(_) => Err(self.fault(position, FileFlaw::CutShort)),
            Err(error) => Err(self.unread(position, error)),
        }
    }

    /// Reads a line that must be there.
    fn expect(&mut self, position: Option<Position>) -> Result<(), RestoreError> {
        match self.next(position)? {
            true => Ok(()),
            false => Err(self.fault(position, FileFlaw::CutShort)),
        }
    }

    /// The present line without its line break.
    fn text(&self) -> &[u8] {
        self.line.strip_suffix(b"\n").unwrap_or(&self.line)
    }

    fn fault(&self, position: Option<Position>, flaw: FileFlaw) -> RestoreError {
        Fault::at(self.number, position, flaw).into()
    }

    /// The disk's errors have a number, zstd's have not.
    fn unread(&self, position: Option<Position>, error: io::Error) -> RestoreError {
        match error.kind() {
            _ if error.raw_os_error().is_some() => directory("read the copy")(error),
            ErrorKind::UnexpectedEof => self.fault(position, FileFlaw::CutShort),
            _ => self.fault(position, FileFlaw::Unpacking(error.to_string())),
        }
    }
}

fn header(lines: &mut Lines<'_>) -> Result<Header, RestoreError> {
    lines.expect(None)?;
    let not = |said: String| lines.fault(None, FileFlaw::NotABackup(said));
    let version: HeaderVersion =
        serde_json::from_slice(lines.text()).map_err(|error| not(error.to_string()))?;
    if version.format != FORMAT {
        return Err(not(format!("format {:?}", version.format)));
    }
    if version.version > VERSION {
        return Err(RestoreError::NewerFormat { line: lines.number, found: version.version, known: VERSION });
    }
    let header: Header = serde_json::from_slice(lines.text()).map_err(|error| not(error.to_string()))?;
    let (after, head) = (header.after, header.head);
    let starts = |end: Head| (end.position == Position::START) == (end == Head::START);
    let possible = version.version > 0
        && after.position <= head.position
        && (after.position < head.position || after == head)
        && starts(after)
        && starts(head)
        && header.first.is_some() == (head != Head::START);
    if possible { Ok(header) } else { Err(lines.fault(None, FileFlaw::HeaderContradiction)) }
}

fn record(lines: &mut Lines<'_>, walk: &mut Walk, header: &Header) -> Result<Record, RestoreError> {
    let position = walk.head().position.next();
    lines.expect(Some(position))?;
    let flawed = |flaw| lines.fault(Some(position), FileFlaw::Record(flaw));
    let record = Record::check(position, lines.text()).map_err(|error| match error {
        // The trailer where a record should stand.
        ReadError::Damaged(_) if serde_json::from_slice::<Trailer>(lines.text()).is_ok() => {
            flawed(Flaw::Missing)
        }
        ReadError::Damaged(damage) => flawed(damage.flaw),
        ReadError::NewerFormat { found, known, .. } => {
            RestoreError::NewerFormat { line: lines.number, found, known }
        }
        other @ (ReadError::Store(_) | ReadError::Closed) => RestoreError::Read(other),
    })?;
    walk.link(record.commit()).map_err(flawed)?;
    let (stated, found) = (header.first, record.commit().hash);
    if position == Position(1) && stated != Some(found) {
        return Err(lines.fault(Some(position), FileFlaw::OtherFirst { stated, found }));
    }
    if position == header.head.position && found != header.head.hash {
        return Err(flawed(Flaw::WrongHead { stated: header.head.hash, found }));
    }
    Ok(record)
}

fn trailer(lines: &mut Lines<'_>, header: &Header) -> Result<(), RestoreError> {
    lines.expect(None)?;
    let none = |error: serde_json::Error| lines.fault(None, FileFlaw::NoTrailer(error.to_string()));
    let stated: Trailer = serde_json::from_slice(lines.text()).map_err(none)?;
    let sha256 = lines.digest.hash();
    let expected = Trailer { commits: header.commits(), sha256, head: header.head };
    let spelled = serde_json::to_vec(&expected).map_err(none)?;
    let flaw = if (stated.commits, stated.head) != (expected.commits, expected.head) {
        FileFlaw::OtherTotal { commits: stated.commits, head: stated.head }
    } else if stated.sha256 != sha256 {
        FileFlaw::OtherLines { stated: stated.sha256, computed: sha256 }
    } else if spelled != lines.text() {
        FileFlaw::TrailerSpelling
    } else {
        return Ok(());
    };
    Err(lines.fault(None, flaw))
}
