//! A copy of the input beside the place it is restored to, so that it can be checked to its last byte
//! before the first record is used, even when it comes through a pipe. The copy has no name and is gone
//! when it is dropped.

use super::{
    RestoreError,
    failure::FileFlaw,
    lines::RunningHash,
    seal::{self, SEAL_BYTES},
};
use crate::failure::StoreFault;
use std::{
    fs::File,
    io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// How a zstd frame begins: RFC 8878, section 3.1.1.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

const BUFFER_BYTES: usize = 64 << 10;

/// The copy.
#[derive(Debug)]
pub(super) struct Spool {
    file: File,
    bytes: u64,
    wrapping: Wrapping,
}

/// What is around the lines.
#[derive(Debug)]
enum Wrapping {
    Plain,
    Packed {
        /// Of the seal.
        flaw: Option<FileFlaw>,
    },
}

impl Spool {
    /// Copies the input to its end into a nameless file in `scratch`.
    pub(super) fn take(mut input: impl Read, scratch: &Path) -> Result<Self, RestoreError> {
        let mut file = tempfile::tempfile_in(scratch).map_err(directory("copy the backup"))?;
        let mut bytes = 0;
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let read = match input.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                read => read.map_err(|error| RestoreError::Input(StoreFault::new("read", error)))?,
            };
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
                break;
            };
            file.write_all(piece).map_err(directory("copy the backup"))?;
            bytes += piece.len() as u64;
        }
        let wrapping = wrapping(&mut file, bytes).map_err(directory("look at the copy"))?;
        Ok(Self { file, bytes, wrapping })
    }

    /// What is wrong with the bytes as a whole, whatever their lines say.
    pub(super) fn flaw(&self) -> Option<FileFlaw> {
        match &self.wrapping {
            Wrapping::Plain => None,
            Wrapping::Packed { flaw } => flaw.clone(),
        }
    }

    /// The lines, from the first.
    pub(super) fn lines(&mut self) -> io::Result<Box<dyn BufRead + '_>> {
        self.file.seek(SeekFrom::Start(0))?;
        let bytes = (&self.file).take(self.bytes);
        Ok(match self.wrapping {
            Wrapping::Plain => Box::new(BufReader::with_capacity(BUFFER_BYTES, bytes)),
            Wrapping::Packed { .. } => {
                let unpacked = zstd::Decoder::new(bytes)?;
                Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked))
            }
        })
    }
}

/// Told by the first bytes; the seal of a packed file is checked on the way.
fn wrapping(file: &mut File, bytes: u64) -> io::Result<Wrapping> {
    let mut first = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(ZSTD.len() as u64).read_to_end(&mut first)?;
    if first != ZSTD {
        return Ok(Wrapping::Plain);
    }
    let Some(sealed) = bytes.checked_sub(SEAL_BYTES) else {
        return Ok(Wrapping::Packed { flaw: Some(FileFlaw::NoSeal) });
    };
    let mut last = Vec::new();
    file.seek(SeekFrom::Start(sealed))?;
    file.read_to_end(&mut last)?;
    let Some(stated) = seal::stated(&last) else {
        return Ok(Wrapping::Packed { flaw: Some(FileFlaw::NoSeal) });
    };
    let computed = hash(file, sealed)?.hash();
    let holds = stated == computed.to_string();
    Ok(Wrapping::Packed { flaw: (!holds).then_some(FileFlaw::OtherBytes { stated, computed }) })
}

/// The hash of the first bytes of a file.
fn hash(file: &mut File, bytes: u64) -> io::Result<RunningHash> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(BUFFER_BYTES, file.take(bytes));
    let mut hash = RunningHash::default();
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(hash);
        }
        hash.update(piece);
        let read = piece.len();
        reader.consume(read);
    }
}

/// A fault of the directory.
pub(super) fn directory(step: &'static str) -> impl Fn(io::Error) -> RestoreError {
    move |error| RestoreError::Directory(StoreFault::new(step, error))
}
