//! The parts of a state as frames: each packed by itself, so that all cores unpack and decode them side by side.
//!
//! A frame: how many bytes the packed part has and how many it has unpacked (4 bytes each, little-endian), the zstd
//! frame of its MessagePack. A frame of 0 bytes is the last. Whether the bytes are what was written is left
//! to the [pieces](super::chunks) they come in.

use engine::state::{State, parts::Part};
use rayon::prelude::*;
use serde::Serialize;
use std::{
    io::{self, ErrorKind, Read, Write},
    mem,
};
use zstd::bulk::Compressor;

/// zstd's fastest: it packs about as fast as a disk writes, and well enough.
const LEVEL: i32 = 1;

/// How many frames are decoded at once, each of a few hundred kilobytes: some for every core of a large machine.
const AT_ONCE: usize = 32;

/// The most bytes of a part, so that a length never asks for more memory than a part can have. A run of the largest entries
/// has a hundred megabytes.
const PART_BYTES_MAX: u32 = 1 << 30;

/// Packs one part after the other in the same memory: fresh pages for each would cost the writer beside it more than
/// the packing does.
struct Packing {
    packer: Compressor<'static>,
    bytes: Vec<u8>,
    packed: Vec<u8>,
}

impl Packing {
    fn new() -> io::Result<Self> {
        Ok(Self { packer: Compressor::new(LEVEL)?, bytes: Vec::new(), packed: Vec::new() })
    }

    fn write(&mut self, part: &Part, out: &mut dyn Write) -> io::Result<()> {
        self.bytes.clear();
        // By name, because what is not said is left out.
        let mut fields = rmp_serde::Serializer::new(&mut self.bytes).with_struct_map();
        part.serialize(&mut fields).map_err(io::Error::other)?;
        self.packed.clear();
        self.packed.reserve(zstd::zstd_safe::compress_bound(self.bytes.len()));
        self.packer.compress_to_buffer(&self.bytes, &mut self.packed)?;
        for length in [self.packed.len(), self.bytes.len()] {
            let length = u32::try_from(length).ok().filter(|length| *length <= PART_BYTES_MAX);
            let length = length.ok_or_else(|| io::Error::other("a part of the state is too large"))?;
            out.write_all(&length.to_le_bytes())?;
        }
        out.write_all(&self.packed)
    }
}

/// A part, packed.
struct Frame {
    packed: Vec<u8>,
    length: usize,
}

impl Frame {
    /// The next one; `None` at the end.
    fn read(input: &mut dyn Read) -> io::Result<Option<Self>> {
        let packed = length(input)?;
        if packed == 0 {
            return Ok(None);
        }
        let length = length(input)?;
        let mut frame = Self { packed: vec![0; packed], length };
        input.read_exact(&mut frame.packed)?;
        Ok(Some(frame))
    }

    fn part(&self) -> io::Result<Part> {
        let bytes = zstd::bulk::decompress(&self.packed, self.length)?;
        rmp_serde::from_slice(&bytes).map_err(|error| rotten(&error.to_string()))
    }
}

fn length(input: &mut dyn Read) -> io::Result<usize> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    match u32::from_le_bytes(bytes) {
        length @ 0..=PART_BYTES_MAX => Ok(length as usize),
        length => Err(rotten(&format!("a part of {length} bytes"))),
    }
}

fn rotten(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what.to_owned())
}

/// Writes a state, part by part.
pub(super) fn write(state: &State, out: &mut dyn Write) -> io::Result<()> {
    let mut packing = Packing::new()?;
    for part in state.parts() {
        packing.write(&part, out)?;
    }
    out.write_all(&0_u32.to_le_bytes())
}

/// Reads a state to the last byte of the input. While some parts are put in their places, the next are read and decoded, all
/// on as many cores as there are.
pub(super) fn read(input: &mut (dyn Read + Send)) -> io::Result<State> {
    let mut state = State::empty();
    let (mut parts, mut is_last) = (Vec::new(), false);
    while !is_last {
        let put = mem::take(&mut parts);
        let (next, ()) = rayon::join(|| some(input), || state.put(put));
        parts = next?;
        is_last = parts.len() < AT_ONCE;
    }
    state.put(parts);
    // To the end, so that the last pieces are checked too.
    match io::copy(input, &mut io::sink())? {
        0 => Ok(state),
        more => Err(rotten(&format!("{more} bytes too many"))),
    }
}

/// The next parts; fewer than [`AT_ONCE`] at the end.
fn some(input: &mut dyn Read) -> io::Result<Vec<Part>> {
    let mut frames = Vec::new();
    while frames.len() < AT_ONCE
        && let Some(frame) = Frame::read(input)?
    {
        frames.push(frame);
    }
    frames.par_iter().map(Frame::part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{identity::Position, state::parts::THINGS_MAX};

    /// A state with so many things in its largest part.
    fn state(things: usize) -> State {
        let mut state = State::empty();
        let positions =
            (1..=things as u64).map(|position| (engine::history::Entity::Rules, Position(position)));
        state.put([Part::Touches(positions.collect())]);
        state
    }

    #[test]
    fn a_state_of_any_size_comes_back_whole_and_what_is_cut_off_does_not() {
        for things in [0, 1, THINGS_MAX, (AT_ONCE - 1) * THINGS_MAX, AT_ONCE * THINGS_MAX + 1] {
            let (state, mut bytes) = (state(things), Vec::new());
            write(&state, &mut bytes).unwrap();
            assert!(read(&mut bytes.as_slice()).unwrap() == state, "{things}");
            let cut = bytes.get(..bytes.len() - 4).unwrap();
            assert!(read(&mut &*cut).is_err(), "{things} without the end");
            bytes.push(0);
            assert!(read(&mut bytes.as_slice()).is_err(), "{things} and more");
        }
    }
}
