//! A child of this program with the recorder before its C library, and what the recorder wrote.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    str,
    sync::OnceLock,
};
use tempfile::TempDir;

/// One thing that a recorded program did, in the order in which it happened.
#[derive(Debug)]
pub enum Deed {
    /// A file came into being.
    Created { inode: u64, path: PathBuf },
    /// Bytes went into the page cache.
    Written { inode: u64, offset: usize, bytes: Vec<u8> },
    /// The file got another length.
    Cut { inode: u64, length: usize },
    /// `fsync` of a file or a directory came back.
    Synced { inode: u64, path: PathBuf },
    /// `fdatasync` came back.
    DataSynced { inode: u64 },
    /// `sync_file_range` came back.
    RangeSynced { inode: u64, offset: usize, length: usize },
    /// A directory was made.
    Made { path: PathBuf },
    /// A name was taken away, of a file or of an empty directory.
    Removed { path: PathBuf },
    /// A name was changed.
    Renamed { from: PathBuf, to: PathBuf },
    /// The program said something.
    Noted(String),
}

/// The recorder, compiled once for all tests of this program.
fn recorder() -> &'static Path {
    static BUILT: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = BUILT.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let library = directory.path().join("recorder.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/power/recorder.c");
        let built = Command::new("cc")
            .args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread", "-o"])
            .args([&library, &source])
            .output()
            .unwrap_or_else(|error| {
                panic!("this test needs a C compiler named cc (on Debian: apt-get install build-essential): {error}")
            });
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        (directory, library)
    });
    library
}

/// Runs one test of this program as a recorded child: what it did below `root`, and how it ended.
pub fn recorded(test: &str, root: &Path, settings: &[(&str, &OsStr)]) -> (Vec<Deed>, Output) {
    let papers = tempfile::tempdir().unwrap();
    let root = fs::canonicalize(root).unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env("LD_PRELOAD", recorder())
        .env("GONGJIAN_RECORDER_ROOT", &root)
        .env("GONGJIAN_RECORDER_STREAM", papers.path().join("stream"))
        .env("GONGJIAN_RECORDER_NOTES", papers.path().join("notes"))
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    let stream = fs::read(papers.path().join("stream")).unwrap();
    let deeds = read(&stream);
    assert!(!deeds.is_empty(), "nothing was recorded: is the program linked with the C library?");
    (deeds, output)
}

fn read(mut stream: &[u8]) -> Vec<Deed> {
    let mut deeds = Vec::new();
    while !stream.is_empty() {
        let mut number = || {
            let (bytes, rest) = stream.split_first_chunk().unwrap();
            stream = rest;
            u64::from_le_bytes(*bytes)
        };
        let (kind, inode, offset, extra, length) = (number(), number(), number(), number(), number());
        let (bytes, rest) = stream.split_at(length as usize);
        stream = rest;
        let offset = offset as usize;
        let text = || str::from_utf8(bytes).unwrap();
        let path = || PathBuf::from(text());
        deeds.push(match kind as u8 {
            b'O' if extra & 1 == 1 => Deed::Created { inode, path: path() },
            b'O' => Deed::Cut { inode, length: 0 },
            b'W' => Deed::Written { inode, offset, bytes: bytes.to_vec() },
            b'T' => Deed::Cut { inode, length: offset },
            b'S' => Deed::Synced { inode, path: path() },
            b'D' => Deed::DataSynced { inode },
            b'F' => Deed::RangeSynced { inode, offset, length: extra as usize },
            b'M' => Deed::Made { path: path() },
            b'U' => Deed::Removed { path: path() },
            b'R' => {
                let (from, to) = text().split_once('\0').unwrap();
                Deed::Renamed { from: from.into(), to: to.into() }
            }
            b'N' => Deed::Noted(text().trim_end().to_owned()),
            _ => panic!("the program did something to a file that no model knows: {}", text()),
        });
    }
    deeds
}
