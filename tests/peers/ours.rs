//! Our side of the comparison with the peers: draws the instances, solves them, measures the physical floor.
//!
//! `ours draw SIZE ample|scarce territorial|random SEED FILE` writes an instance, `ours dimacs FILE` prints it as DIMACS,
//! `ours solve FILE TIMES SECONDS` solves it, `ours floor FILE TIMES SECONDS` does the least that anything exact could do:
//! looks at every edge once, and sorts the edges by value. The last two print one line of JSON; `README.md` beside this
//! file says what its members mean.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a measurement fails loudly")]

use std::fs;
use std::hint::black_box;
use std::io::{BufWriter, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use engine::matching::certificate::verify;
use engine::matching::simplex::{Budget, solve};
use engine::matching::transport::Transport;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tests::peers::{Case, Instance, Numbering, SIZES, Temper};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["draw", size, temper, numbering, seed, file] => {
            let case = case(size, temper, numbering);
            Instance::draw(case, seed.parse().unwrap()).write(Path::new(file)).unwrap();
        }
        ["dimacs", file] => {
            Instance::read(Path::new(file)).unwrap().write_dimacs(BufWriter::new(stdout().lock())).unwrap();
        }
        ["solve", file, times, seconds] => println!("{}", ours(file, limit(times, seconds))),
        ["floor", file, times, seconds] => println!("{}", floor(file, limit(times, seconds))),
        _ => panic!("the first lines of this program's source say how it is called"),
    }
}

fn case(size: &str, temper: &str, numbering: &str) -> Case {
    let (_, rows, columns) = SIZES.into_iter().find(|known| known.0 == size).expect("S, M, L or XL");
    let temper = match temper {
        "ample" => Temper::Ample,
        "scarce" => Temper::Scarce,
        other => panic!("{other} is neither ample nor scarce"),
    };
    let numbering = match numbering {
        "territorial" => Numbering::Territorial,
        "random" => Numbering::Random,
        other => panic!("{other} is neither territorial nor random"),
    };
    Case { rows, columns, temper, numbering }
}

/// How often to repeat: so many times, but not once more when so much time has gone.
#[derive(Clone, Copy)]
struct Limit {
    times: usize,
    time: Duration,
}

fn limit(times: &str, seconds: &str) -> Limit {
    Limit { times: times.parse().unwrap(), time: Duration::from_secs_f64(seconds.parse().unwrap()) }
}

/// Seconds that each time took, by the clock on the wall and by what this process was given of the processors.
#[derive(Default)]
struct Times {
    wall: Vec<f64>,
    cpu: Vec<f64>,
}

/// The last answer, and how long it took each time.
fn timed<T>(limit: Limit, mut run: impl FnMut() -> T) -> (T, Times) {
    let begun = Instant::now();
    let mut times = Times::default();
    loop {
        let (start, start_work) = (Instant::now(), worked());
        let answer = black_box(run());
        times.wall.push(start.elapsed().as_secs_f64());
        times.cpu.push((worked() - start_work).as_secs_f64());
        if times.wall.len() >= limit.times || begun.elapsed() >= limit.time {
            return (answer, times);
        }
    }
}

/// Processor time of all threads of this process so far.
fn worked() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap()
}

/// The instance as the solver holds it, and how long it took to lay it out.
fn load(file: &str) -> (Transport, f64) {
    let instance = Instance::read(Path::new(file)).unwrap();
    let start = Instant::now();
    let transport = instance.transport();
    (transport, start.elapsed().as_secs_f64())
}

fn ours(file: &str, limit: Limit) -> Value {
    let empty = memory("VmRSS");
    let (instance, build) = load(file);
    let held = forget_peak();
    let (solution, times) = timed(limit, || solve(&instance, Budget::UNLIMITED).unwrap());
    let peak = memory("VmHWM");
    let start = Instant::now();
    let verified = verify(&instance, solution).unwrap();
    let verify = start.elapsed().as_secs_f64();
    json!({
        "peer": "Gongjian",
        "objective": i64::try_from(verified.objective()).unwrap(),
        "build": build,
        "solve": times.wall,
        "cpu": times.cpu,
        "verify": verify,
        "pivots": verified.pivots,
        "empty_kb": empty,
        "held_kb": held,
        "peak_kb": peak,
    })
}

fn floor(file: &str, limit: Limit) -> Value {
    let empty = memory("VmRSS");
    let (instance, build) = load(file);
    let held = forget_peak();
    let (_, pass) = timed(limit, || instance.edges().map(|edge| edge.value).sum::<i64>());
    let (_, sort) = timed(limit, || {
        let mut edges: Vec<_> = instance.edges().collect();
        edges.sort_unstable_by_key(|edge| edge.value);
        edges
    });
    json!({
        "peer": "floor",
        "build": build,
        "pass": pass.wall,
        "sort": sort.wall,
        "pass_cpu": pass.cpu,
        "sort_cpu": sort.cpu,
        "empty_kb": empty,
        "held_kb": held,
        "peak_kb": memory("VmHWM"),
    })
}

/// A line of this process's status in kB, where the system has one.
fn memory(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// What is held now; from here on the peak counts anew. Nothing where the system cannot forget it.
fn forget_peak() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    memory("VmRSS")
}
