//! Sheets as text: cells set apart by commas, semicolons or tabs.

use super::{
    file::Text,
    sheet::{Cell, Row, Sheet},
};
use csv::{Position, ReaderBuilder, StringRecord};

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The rows under the separator that `worth` likes best, judged by the first `sample` rows; the earlier one when it is
/// a tie. `None` when it likes none.
pub(super) fn read<W: Ord>(text: &Text, sample: usize, worth: impl Fn(&Sheet) -> Option<W>) -> Option<Sheet> {
    // Excel ends lines with CR LF; counted with one sign a line, the lines are those an editor shows.
    let plain = text.text.replace("\r\n", "\n");
    let rows = |separator, limit| rows(text, &plain, separator, limit);
    let liked = SEPARATORS.into_iter().filter_map(|separator| {
        let worth = worth(&rows(separator, sample))?;
        Some((worth, std::cmp::Reverse(separator)))
    });
    let (_, std::cmp::Reverse(separator)) = liked.max()?;
    Some(rows(separator, usize::MAX))
}

fn rows(text: &Text, plain: &str, separator: u8, limit: usize) -> Sheet {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(plain.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = StringRecord::new();
    // The text is valid UTF-8 and rows may have any length, so that reading cannot fail.
    while sheet.rows.len() < limit && reader.read_record(&mut record).unwrap_or(false) {
        let line = record.position().map_or(0, Position::line);
        let lines = record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let cells = record.iter().map(str::trim).enumerate().filter(|(_, cell)| !cell.is_empty());
        let cells = cells.map(|(column, cell)| (column, Cell::Text(cell.to_owned()))).collect();
        let is_broken = text.broken.range(line..=line + lines).next().is_some();
        sheet.rows.push(Row { line, written: Some(record.len()), cells, is_broken });
    }
    sheet
}
