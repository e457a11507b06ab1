//! The fingerprint of everything that a snapshot's content depends on: the sources of the engine, which say
//! what a state is and how it is folded, and those of the snapshots themselves. Programs with different
//! fingerprints do not read each other's snapshots; they fold the log again. So nobody has to remember to raise a
//! version when the engine changes.
#![expect(clippy::panic, reason = "a build that cannot read its sources must stop")]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|error| panic!("cargo says where: {error}"));
    let here = Path::new(&here);
    let mut files = Vec::new();
    for place in ["../engine/src", "src/snapshot", "src/snapshot.rs", "../Cargo.lock"] {
        println!("cargo::rerun-if-changed={place}");
        collect(&here.join(place), &mut files);
    }
    files.sort();
    // FNV-1a, for telling apart, not for keeping safe.
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files {
        let bytes = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for byte in bytes {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=SNAPSHOT_FINGERPRINT={sum:016x}");
}

/// Every file below a path.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let items = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for item in items.flatten() {
            collect(&item.path(), files);
        }
    } else if path.is_file() {
        files.push(path.to_owned());
    }
}
