//! Both backends run the one list of promises.

mod memory {
    use storage::{Log, memory::MemoryLog};

    storage::conformance_tests!({
        let log = MemoryLog::new();
        move || Box::new(log.clone()) as Box<dyn Log>
    });
}

mod sled {
    use storage::{Log, sled::SledLog};

    storage::conformance_tests!({
        let directory = tempfile::tempdir().unwrap();
        move || Box::new(SledLog::open(directory.path()).unwrap()) as Box<dyn Log>
    });
}

mod faulty {
    //! The log that fails on order keeps the promises as long as nothing was ordered.
    use storage::{Log, faulty::FaultyLog, memory::MemoryLog};

    storage::conformance_tests!({
        let log = MemoryLog::new();
        move || Box::new(FaultyLog::new(log.clone(), [])) as Box<dyn Log>
    });
}

mod memory_shelf {
    use storage::snapshot::{MemoryShelf, Shelf};

    storage::shelf_conformance_tests!({
        let shelf = MemoryShelf::default();
        move || Box::new(shelf.clone()) as Box<dyn Shelf>
    });
}

mod directory_shelf {
    use storage::snapshot::{DirectoryShelf, Shelf};

    storage::shelf_conformance_tests!({
        let directory = tempfile::tempdir().unwrap();
        move || Box::new(DirectoryShelf::open(&directory.path().join("snapshots"))) as Box<dyn Shelf>
    });
}
