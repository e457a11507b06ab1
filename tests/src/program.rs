//! The real program `gongjian`, built once, and a server of it that can be killed at any moment.
//!
//! `kill -9` ends the process and leaves the machine: what the program gave to the system is still written. What a
//! power cut leaves is not tested here.
//!
//! Nothing here waits by sleeping: the end of a process is the end of its standard output, and every wait has a
//! deadline. What the program said on standard error is shown when something fails.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        OnceLock,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant, SystemTime},
};
use tempfile::NamedTempFile;

/// How long a server may take to be ready, or to end. Far more than it takes, so that only a hang is a failure.
const DEADLINE: Duration = Duration::from_secs(60);

/// The program, built with the profile of this test into the same directory.
pub fn gongjian() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(build)
}

fn build() -> PathBuf {
    // target/PROFILE/deps/test: the directory of the dev profile is called `debug`.
    let test = std::env::current_exe().unwrap();
    let directory = test.ancestors().nth(2).unwrap();
    let profile = match directory.file_name().and_then(|name| name.to_str()).unwrap() {
        "debug" => "dev",
        other => other,
    };
    let program = directory.join(format!("gongjian{}", std::env::consts::EXE_SUFFIX));
    if is_fresh(&program) {
        return program;
    }
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| env!("CARGO").to_owned());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "graphql", "--bin", "gongjian", "--profile", profile])
        .arg("--target-dir")
        .arg(directory.parent().unwrap())
        .current_dir(root())
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    program
}

/// Whether the program is there and no older than any file it is made of: tests of the whole workspace have built it
/// already, and by itself it would be built a second time, with fewer features of its dependencies.
fn is_fresh(program: &Path) -> bool {
    let Ok(made) = fs::metadata(program).and_then(|it| it.modified()) else {
        return false;
    };
    let made_of = ["Cargo.toml", "Cargo.lock", "engine", "storage", "graphql"];
    made_of.iter().all(|it| is_no_newer(&root().join(it), made))
}

/// Whether nothing that goes into a program was changed after a moment, here and below.
fn is_no_newer(path: &Path, made: SystemTime) -> bool {
    // What is beside the sources of a crate: none of it goes in.
    const BESIDE: [&str; 4] = ["tests", "benches", "examples", "node_modules"];
    let Ok(about) = fs::metadata(path) else {
        return false;
    };
    // A directory changes when something in it comes or goes.
    if about.modified().map_or(true, |changed| changed > made) {
        return false;
    }
    let inside = fs::read_dir(path).into_iter().flatten().flatten();
    let inside = inside.filter(|it| BESIDE.iter().all(|beside| it.file_name() != *beside));
    inside.map(|it| it.path()).all(|path| is_no_newer(&path, made))
}

/// The top of the house.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The lists of the demo street, in the order of their names as a shell gives them.
pub fn demo_files() -> Vec<PathBuf> {
    let files = fs::read_dir(root().join("graphql/demo")).unwrap().map(|entry| entry.unwrap().path());
    let mut lists: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
    lists.sort();
    lists
}

/// The program, speaking English, deaf to the settings of whoever runs the tests.
pub fn command() -> Command {
    let mut command = Command::new(gongjian());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GONGJIAN_") {
            command.env_remove(name);
        }
    }
    command.env_remove("RUST_LOG").env("GONGJIAN_LANG", "en").stdin(Stdio::null());
    command
}

/// Runs a task of the command line to its end, and takes what it printed when it went well.
pub fn run<'a>(task: &[&str], data: Option<&Path>, files: impl IntoIterator<Item = &'a PathBuf>) -> String {
    let mut command = command();
    command.args(task).args(files);
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{task:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Imports a list into a log; what is said of its rows on standard error.
pub fn import(data: &Path, list: &Path) -> String {
    let Output { status, stderr, .. } =
        command().arg("import").arg(list).arg("--data").arg(data).output().unwrap();
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert!(status.success(), "{status}\n{said}");
    said
}

/// Runs a task of the command line that has to fail; what it says on standard error.
pub fn fails(task: &[&str], data: Option<&Path>) -> String {
    refused(task, data).1
}

/// Runs a task that has to fail; what it prints, and what it says on standard error.
pub fn refused(task: &[&str], data: Option<&Path>) -> (String, String) {
    let mut command = command();
    command.args(task);
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    let [printed, said] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert_eq!(status.code(), Some(1), "{task:?}: {said}");
    (printed, said)
}

/// Runs a task until something has happened, and kills it there with `kill -9`.
pub fn killed_when(task: &[&str], data: &Path, mut happened: impl FnMut() -> bool) {
    let mut child = command()
        .args(task)
        .arg("--data")
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + DEADLINE;
    while !happened() {
        assert_eq!(child.try_wait().unwrap(), None, "{task:?} ended by itself");
        assert!(Instant::now() < deadline, "{task:?}");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "{task:?} was done before it was killed");
}

/// What `gongjian verify` says of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many commits it holds; also the position of the last.
    pub commits: u64,
    /// How many events they hold.
    pub events: u64,
    /// The hash of the last commit.
    pub head: String,
}

/// Checks a log with `gongjian verify`, which has to find it whole.
pub fn verify(data: &Path) -> Verified {
    let said = run(&["verify"], Some(data), []);
    let value = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {said:?}")).to_owned()
    };
    Verified {
        commits: value("commits").parse().unwrap(),
        events: value("events").parse().unwrap(),
        head: value("head"),
    }
}

/// A running `gongjian serve`. Dropped, it is killed.
#[derive(Debug)]
pub struct Server {
    child: Child,
    lines: Receiver<String>,
    stderr: NamedTempFile,
    /// Where it listens, such as `127.0.0.1:43210`.
    pub address: String,
    tokens: Vec<(String, String)>,
}

impl Server {
    /// Starts a server on a free port and waits until it says that it listens.
    pub fn start(data: &Path, arguments: &[&str]) -> Self {
        Self::start_as(command(), data, arguments)
    }

    /// The same, and it tells on standard error whatever it can. sled, which tells of each byte it moves, tells less.
    pub fn start_telling_all(data: &Path, arguments: &[&str]) -> Self {
        let mut command = command();
        command.env("GONGJIAN_LOG", "trace,sled=info");
        Self::start_as(command, data, arguments)
    }

    /// The same, and of all authorities it trusts the one in this file alone.
    pub fn start_trusting(data: &Path, authority: &Path, arguments: &[&str]) -> Self {
        let mut command = command();
        command.env("SSL_CERT_FILE", authority).env_remove("SSL_CERT_DIR");
        Self::start_as(command, data, arguments)
    }

    /// What it said on standard error so far.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.stderr.path()).unwrap()).into_owned()
    }

    fn start_as(mut command: Command, data: &Path, arguments: &[&str]) -> Self {
        let stderr = NamedTempFile::new().unwrap();
        let mut child = command
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(stderr.reopen().unwrap())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (said, lines) = channel();
        // Ends with the output, that is with the program.
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        let mut server = Self { child, lines, stderr, address: String::new(), tokens: Vec::new() };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let line = self.line(deadline).unwrap_or_else(|| panic!("it ended before it listened"));
            let listening = line.strip_prefix("listening on ");
            if let Some((_, address)) = listening.and_then(|url| url.split_once("://")) {
                address.clone_into(&mut self.address);
                return;
            }
            let mut words = line.split(' ');
            if let (Some("token"), Some(role), Some(token)) = (words.next(), words.next(), words.next()) {
                assert!(token.starts_with("gj_"), "{line}");
                self.tokens.push((role.to_owned(), token.to_owned()));
            }
        }
    }

    /// The next line it prints; nothing when it has ended.
    fn line(&self, deadline: Instant) -> Option<String> {
        match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("it said nothing for {DEADLINE:?}"),
        }
    }

    /// The token that was printed for a role.
    pub fn token(&self, role: &str) -> String {
        let token = self.tokens.iter().find(|(said, _)| said == role).map(|(_, token)| token.clone());
        token.unwrap_or_else(|| panic!("no token for {role}: {:?}", self.tokens))
    }

    /// How much memory it takes, in KiB.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has said on standard error so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.stderr.path()).unwrap()
    }

    /// Sends it a signal, such as `HUP`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits until it has said something on standard error.
    pub fn wait_for_line(&self, words: &str) {
        self.wait_until(|log| log.contains(words));
    }

    /// Waits until what it has said on standard error is as wanted.
    pub fn wait_until(&self, is_wanted: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !is_wanted(&self.log()) {
            assert!(Instant::now() < deadline, "it did not say so:\n{}", self.log());
            std::thread::yield_now();
        }
    }

    /// Ends it without a chance to finish anything: no handler, no flush, no goodbye.
    pub fn kill_9(mut self) {
        assert_eq!(self.child.try_wait().unwrap(), None, "it ended by itself");
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end as service managers do, and takes care that it ends well.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let deadline = Instant::now() + DEADLINE;
        while self.line(deadline).is_some() {}
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "after SIGTERM");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Of one that has ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let said = fs::read_to_string(self.stderr.path()).unwrap_or_default();
            eprintln!("--- gongjian serve said:\n{said}---");
        }
    }
}
