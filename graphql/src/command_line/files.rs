//! The files a command line names, read whole: lists are written by people and stay small.

use super::failure::Failure;
use crate::lists::Reading;
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// Reads lists; `-` is standard input.
pub(super) fn lists(files: &[PathBuf]) -> Result<Reading, Failure> {
    let mut reading = Reading::default();
    for file in files {
        let bytes = bytes(file)?;
        reading.add(&file.to_string_lossy(), &bytes);
    }
    Ok(reading)
}

/// The contents of a file.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |said| Failure::Unreadable { file: file.to_owned(), said };
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(unreadable)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(unreadable)
}
