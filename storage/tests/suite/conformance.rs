//! Both backends run the one list of promises.

mod memory {
    use storage::{Log, memory::MemoryLog};

    storage::conformance_tests!({
        let log = MemoryLog::new();
        move || Box::new(log.clone()) as Box<dyn Log>
    });
}

mod sled {
    use crate::{damage::copy, random::Random};
    use std::{
        env, fs,
        path::{Path, PathBuf},
        process::Command,
    };
    use storage::{
        Log, OpenError,
        conformance::breaking::{self, Breakable},
        sled::SledLog,
    };

    storage::conformance_tests!({
        let directory = tempfile::tempdir().unwrap();
        move || Box::new(SledLog::open(directory.path()).unwrap()) as Box<dyn Log>
    });

    /// A directory, and a copy of it from before the damage.
    struct Broken {
        root: tempfile::TempDir,
        whole: bool,
    }

    impl Broken {
        fn path(&self) -> PathBuf {
            self.root.path().join("log")
        }
    }

    impl Breakable for Broken {
        fn open(&self) -> Result<Box<dyn Log>, OpenError> {
            Ok(Box::new(SledLog::open(&self.path())?))
        }

        fn damage(&mut self, seed: u64) -> String {
            let (path, kept) = (self.path(), self.root.path().join("kept"));
            if !std::mem::replace(&mut self.whole, true) {
                copy(&path, &kept);
            }
            let mut random = Random::new(seed);
            let files = ["sled/db", "anchor", "sled/conf"];
            let name = files[random.below(files.len())];
            let mut bytes = fs::read(path.join(name)).unwrap();
            let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
            let at = random.below(end);
            let how = match random.coin() {
                true => {
                    bytes[at] ^= 1 << random.below(8);
                    "flipped"
                }
                false => {
                    bytes.truncate(at);
                    "cut"
                }
            };
            fs::write(path.join(name), bytes).unwrap();
            format!("{name} {how} at {at}")
        }

        fn restore(&mut self) {
            fs::remove_dir_all(self.path()).unwrap();
            copy(&self.root.path().join("kept"), &self.path());
        }
    }

    #[test]
    fn l8_damage_is_refused_or_has_no_consequence() {
        let mut place = Broken { root: tempfile::tempdir().unwrap(), whole: false };
        let refused = breaking::l8_damage_is_refused_or_has_no_consequence(&mut place, 40);
        println!("{refused} of 40 refused");
        assert!(refused > 10, "{refused} of 40 are too few");
    }

    const DIRECTORY: &str = "GONGJIAN_CONFORMANCE_DIRECTORY";

    /// The child: does nothing unless the parent below has started it.
    #[test]
    fn child() {
        if let Some(directory) = env::var_os(DIRECTORY) {
            breaking::write_until_killed(&|| Box::new(SledLog::open(Path::new(&directory)).unwrap()));
        }
    }

    #[test]
    fn l1_l2_what_was_acknowledged_survives_a_kill() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Box::new(SledLog::open(directory.path()).unwrap()) as Box<dyn Log>;
        let child = || {
            let mut program = Command::new(env::current_exe().unwrap());
            program.args(["--exact", "conformance::sled::child", "--nocapture", "--test-threads=1"]);
            program.env(DIRECTORY, directory.path());
            program
        };
        let acknowledged = breaking::l1_l2_what_was_acknowledged_survives_a_kill(&open, &child, 5);
        println!("5 kills, {acknowledged} acknowledged commits, none lost");
    }
}

mod faulty {
    //! The log that fails on order keeps the promises as long as nothing was ordered.
    use storage::{
        Log,
        conformance::breaking,
        faulty::{Failure, FaultyLog},
        memory::MemoryLog,
    };

    #[test]
    fn l9_after_an_unknown_outcome_nothing_is_written() {
        for failure in [Failure::UnknownButWritten, Failure::UnknownAndLost] {
            let log = MemoryLog::new();
            breaking::l9_after_an_unknown_outcome_nothing_is_written(&|| Box::new(log.clone()), &|| {
                Box::new(FaultyLog::new(log.clone(), [(1, failure)]))
            });
        }
    }

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
