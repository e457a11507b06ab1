//! The promises of [`Shelf`] as checks that every backend runs.

use crate::snapshot::Shelf;
use engine::identity::Position;
use std::io::{self, Read};

/// Opens the shelf under test.
pub type OpenShelf<'a> = &'a dyn Fn() -> Box<dyn Shelf>;

/// Writes a `#[test]` for each check, like [`conformance_tests!`](crate::conformance_tests). The argument makes
/// a fresh, empty place and gives back what opens a shelf there.
#[macro_export]
macro_rules! shelf_conformance_tests {
    ($open:expr) => {
        $crate::shelf_conformance_tests!(
            $open;
            k5_what_failed_half_way_is_not_there,
            k7_what_was_put_is_got_byte_for_byte_when_opened_again,
            k8_what_was_removed_is_gone,
        );
    };
    ($open:expr; $($check:ident),* $(,)?) => {$(
        #[test]
        fn $check() {
            let open = $open;
            $crate::conformance::shelf::$check(&open);
        }
    )*};
}

fn put(shelf: &dyn Shelf, position: u64, bytes: &[u8]) {
    shelf.put(Position(position), &mut |out| out.write_all(bytes)).expect("a shelf with room");
}

fn get(shelf: &dyn Shelf, position: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut kept = shelf.get(Position(position)).expect("a shelf can be read")?;
    kept.read_to_end(&mut bytes).expect("what is kept can be read");
    Some(bytes)
}

fn list(shelf: &dyn Shelf) -> Vec<u64> {
    shelf.list().expect("a shelf can be listed").into_iter().map(|position| position.0).collect()
}

/// K5.
pub fn k5_what_failed_half_way_is_not_there(open: OpenShelf<'_>) {
    let shelf = open();
    put(&*shelf, 7, b"first");
    for position in [7, 9] {
        let failed = shelf.put(Position(position), &mut |out| {
            out.write_all(&vec![0; 3 << 20])?;
            Err(io::Error::other("broken off"))
        });
        assert!(failed.is_err(), "{position}");
        assert_eq!(list(&*shelf), [7]);
        assert_eq!((get(&*shelf, 7), get(&*shelf, 9)), (Some(b"first".to_vec()), None));
    }
    drop(shelf);
    assert_eq!(list(&*open()), [7]);
}

/// K7.
pub fn k7_what_was_put_is_got_byte_for_byte_when_opened_again(open: OpenShelf<'_>) {
    assert!(list(&*open()).is_empty());
    let large: Vec<u8> = (0..3 << 20).map(|index: u32| (index * 7) as u8).collect();
    let kept: [(u64, &[u8]); 4] = [(256, b"second"), (2, b""), (u64::MAX, &large), (1, b"first")];
    for (position, bytes) in kept {
        put(&*open(), position, bytes);
    }
    put(&*open(), 256, b"another second");
    let shelf = open();
    assert_eq!(list(&*shelf), [1, 2, 256, u64::MAX]);
    assert_eq!(get(&*shelf, 256).as_deref(), Some(b"another second".as_slice()));
    assert_eq!(get(&*shelf, 2).as_deref(), Some(b"".as_slice()));
    assert!(get(&*shelf, u64::MAX).as_deref() == Some(&*large));
    assert_eq!(get(&*shelf, 3), None);
}

/// K8.
pub fn k8_what_was_removed_is_gone(open: OpenShelf<'_>) {
    let shelf = open();
    for position in 1..=3 {
        put(&*shelf, position, b"snapshot");
    }
    for position in [2, 2, 8] {
        shelf.remove(Position(position)).expect("removing what is not there is no failure");
    }
    assert_eq!((list(&*shelf), get(&*shelf, 2)), (vec![1, 3], None));
    drop(shelf);
    let shelf = open();
    assert_eq!((list(&*shelf), get(&*shelf, 2)), (vec![1, 3], None));
}
