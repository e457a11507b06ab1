//! Unpacking on a thread of its own while the other decodes: a start has nothing else to do with the second core.

use std::{
    io::{self, ErrorKind, Read},
    sync::mpsc,
    thread,
};

/// How much goes through at once, and how many of these wait.
const BLOCK_BYTES: usize = 256 << 10;
const BLOCKS_MAX: usize = 16;

/// Reads `input` on another thread while `take` has what was read.
pub(super) fn beside<T>(input: impl Read + Send, take: impl FnOnce(&mut dyn Read) -> T) -> T {
    let (send, blocks) = mpsc::sync_channel(BLOCKS_MAX);
    thread::scope(|scope| {
        scope.spawn(move || fill(input, &send));
        // Dropped before the scope ends, so that the thread does not wait for somebody who takes no more.
        take(&mut Pipe { blocks, block: Vec::new(), given: 0 })
    })
}

fn fill(mut input: impl Read, send: &mpsc::SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut block = Vec::with_capacity(BLOCK_BYTES);
        let read = (&mut input).take(BLOCK_BYTES as u64).read_to_end(&mut block);
        let last = !matches!(read, Ok(1..));
        if send.send(read.map(|_| block)).is_err() || last {
            return;
        }
    }
}

struct Pipe {
    blocks: mpsc::Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    given: usize,
}

impl Read for Pipe {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.block.len() {
            self.given = 0;
            self.block = match self.blocks.recv() {
                Ok(block) => block?,
                // After the empty block that ends it, or after an error.
                Err(mpsc::RecvError) if self.block.is_empty() => return Ok(0),
                Err(error) => return Err(io::Error::new(ErrorKind::UnexpectedEof, error)),
            };
        }
        let mut left = self.block.get(self.given..).unwrap_or_default();
        let read = left.read(into)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_through_in_order_and_errors_do_too() {
        for length in [0, 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 7] {
            let bytes: Vec<u8> = (0..length).map(|index| (index * 7) as u8).collect();
            let mut through = Vec::new();
            beside(bytes.as_slice(), |pipe| pipe.read_to_end(&mut through)).unwrap();
            assert!(through == bytes, "{length}");
        }
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("rotten"))
            }
        }
        let read = beside(b"good".chain(Broken), |pipe| pipe.read_to_end(&mut Vec::new()));
        assert_eq!(read.unwrap_err().to_string(), "rotten");
        assert_eq!(
            beside(io::repeat(0), |_| "who takes nothing is not held up"),
            "who takes nothing is not held up"
        );
    }
}
