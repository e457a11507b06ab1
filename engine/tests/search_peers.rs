//! The search beside HiGHS, on the same instances: neither may prove less than the other finds. Runs where `highspy` is
//! installed for `GONGJIAN_PYTHON` (or `python3`), and says so where it is not.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::path::Path;
use std::process::Command;

use engine::matching::search::{Budget, check, search};

use self::instance::{Case, Mixture, draw, written};

#[path = "../benches/search/instance.rs"]
mod instance;

const SMALL: Case = Case {
    name: "small",
    needs: 60,
    resources: 30,
    projects: 12,
    demand: 12,
    seeds: 4,
    street: true,
    mixture: Mixture::None,
    steps: 100_000,
};

const CASES: [Case; 5] = [
    SMALL,
    Case { name: "small-ways", mixture: Mixture::Ways, ..SMALL },
    Case { name: "small-rules", mixture: Mixture::All, ..SMALL },
    Case { name: "small-caps", mixture: Mixture::Caps, ..SMALL },
    Case { name: "small-tangle", street: false, ..SMALL },
];

#[test]
fn the_search_and_highs_never_contradict_each_other() {
    let directory = std::env::temp_dir().join(format!("gongjian-search-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let mut files = Vec::new();
    for case in &CASES {
        for seed in 0..case.seeds {
            let mixed = draw(case, seed);
            let found = search(&mixed, Budget { steps: case.steps });
            let proved = check(&mixed, found).unwrap();
            let head = format!("objective {}\nbound {}\n", proved.objective, proved.bound());
            let file = directory.join(format!("{}-{seed}.txt", case.name));
            std::fs::write(&file, head + &written(&mixed)).unwrap();
            files.push(file);
        }
    }
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/search_highs.py");
    let python = std::env::var_os("GONGJIAN_PYTHON").unwrap_or_else(|| "python3".into());
    let run = Command::new(python).arg(driver).args(["--seconds", "20"]).args(&files).output();
    std::fs::remove_dir_all(&directory).unwrap();
    match run {
        Err(missing) => println!("skipped: no Python: {missing}"),
        Ok(run) => {
            let said = String::from_utf8_lossy(&run.stdout).into_owned();
            println!("{said}");
            assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
        }
    }
}
