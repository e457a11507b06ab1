//! Bytes to text: byte order marks, UTF-8, GB18030 as Excel in China still writes it, and which format it is.
//!
//! Lines are decoded one by one, so that one broken line costs one row. A file whose lines are mostly
//! UTF-8 is UTF-8 with broken lines; a file whose lines are not is GB18030.

use super::problem::Fault;
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::collections::BTreeSet;

/// What a file holds.
#[derive(Debug)]
pub(super) enum Contents {
    /// One JSON object a line.
    JsonLines(Text),
    /// A table with a header.
    Table(Text),
    /// An Excel workbook of today.
    Workbook,
}

/// A file as text.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    /// Lines that could not be decoded, from 1.
    pub(super) broken: BTreeSet<u64>,
    encoding: &'static Encoding,
}

impl Text {
    /// What is to be said of the encoding, if anything.
    pub(super) fn remark(&self) -> Option<Fault> {
        (self.encoding != UTF_8).then(|| Fault::DecodedFrom { encoding: self.encoding.name() })
    }
}

/// Decodes a file and finds its format.
pub(super) fn open(name: &str, bytes: &[u8]) -> Result<Contents, Fault> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Contents::Workbook);
    }
    // The container of workbooks before 2007, and of those with a password.
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(Fault::OldWorkbook);
    }
    let (text, broken, encoding) = decode(bytes);
    let Some(first) = text.chars().find(|letter| !letter.is_whitespace()) else {
        return Err(Fault::EmptyFile);
    };
    let lower = name.to_lowercase();
    let is_json = [".jsonl", ".ndjson", ".json"].iter().any(|end| lower.ends_with(end));
    let is_table = [".csv", ".tsv", ".txt"].iter().any(|end| lower.ends_with(end));
    let text = Text { text, broken, encoding };
    Ok(match first == '{' || (is_json && !is_table) {
        true => Contents::JsonLines(text),
        false => Contents::Table(text),
    })
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
