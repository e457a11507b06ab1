//! Bytes to text: byte order marks, UTF-8, GB18030 as Excel in China still writes it, and which format it is.
//!
//! Lines are decoded one by one, so that one broken line costs one row. A file whose lines are mostly
//! UTF-8 is UTF-8 with broken lines; a file whose lines are not is GB18030.

use super::problem::{Fault, Location, RowProblem};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::{collections::BTreeSet, sync::Arc};

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON object a line.
    JsonLines,
    /// A table with a header.
    Table,
}

/// A file as text.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) format: Format,
    pub(super) text: String,
    /// Lines that could not be decoded, from 1.
    pub(super) broken: BTreeSet<u64>,
    encoding: &'static Encoding,
}

impl Opened {
    /// What is to be said of the encoding, if anything.
    pub(super) fn remark(&self, name: &Arc<str>) -> Option<RowProblem> {
        let at = Location { file: Arc::clone(name), line: 1 };
        let fault = Fault::DecodedFrom { encoding: self.encoding.name() };
        (self.encoding != UTF_8).then(|| RowProblem::of_row(at, fault))
    }
}

/// Decodes a file and finds its format.
pub(super) fn open(name: &Arc<str>, bytes: &[u8]) -> Result<Opened, Box<RowProblem>> {
    let whole = |fault| Box::new(RowProblem::of_row(Location { file: Arc::clone(name), line: 1 }, fault));
    let is_workbook = bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    if is_workbook {
        return Err(whole(Fault::Workbook));
    }
    let (text, broken, encoding) = decode(bytes);
    let Some(first) = text.chars().find(|letter| !letter.is_whitespace()) else {
        return Err(whole(Fault::EmptyFile));
    };
    let lower = name.to_lowercase();
    let is_json = [".jsonl", ".ndjson", ".json"].iter().any(|end| lower.ends_with(end));
    let is_table = [".csv", ".tsv", ".txt"].iter().any(|end| lower.ends_with(end));
    let format = if first == '{' || (is_json && !is_table) { Format::JsonLines } else { Format::Table };
    Ok(Opened { format, text, broken, encoding })
}

fn decode(bytes: &[u8]) -> (String, BTreeSet<u64>, &'static Encoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes)
        && encoding != UTF_8
    {
        // UTF-16 out of Excel's "Unicode text": one unit for the whole file, lines cannot be told before.
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        let broken = lines_with_replacement(&text);
        return (text.into_owned(), broken, encoding);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let encoding = if mostly_utf8(bytes) { UTF_8 } else { GB18030 };
    let mut text = String::with_capacity(bytes.len());
    let mut broken = BTreeSet::new();
    for (number, line) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        match encoding.decode_without_bom_handling_and_without_replacement(line) {
            Some(line) => text.push_str(&line),
            None => {
                broken.insert(number);
                text.push_str(&String::from_utf8_lossy(line));
            }
        }
    }
    (text, broken, encoding)
}

/// Whether most lines beyond ASCII are UTF-8. The line feed is no part of a longer sign in either encoding.
fn mostly_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut good, mut bad) = (0_u64, 0_u64);
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        if std::str::from_utf8(line).is_ok() { good += 1 } else { bad += 1 }
    }
    good > bad
}

fn lines_with_replacement(text: &str) -> BTreeSet<u64> {
    (1..).zip(text.lines()).filter(|(_, line)| line.contains('\u{FFFD}')).map(|(number, _)| number).collect()
}
