//! Servers as processes of their own.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// A server that runs until it is dropped.
pub struct Program {
    child: Child,
    tidies: bool,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Program {
    /// The real one, on a log.
    pub fn server(data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongjian"));
        command.arg("serve").arg("--data").arg(data);
        command.args(["--listen", "127.0.0.1:0", "--member-rate", "0", "--address-rate", "0"]);
        command.env("GONGJIAN_LOG", env::var("GONGJIAN_LOAD_LOG").unwrap_or_else(|_| "info".to_owned()));
        command.stderr(Stdio::null());
        let server = Self::start(command);
        server.wait_until_idle();
        server
    }

    /// The one that answers a constant: this program in another part.
    pub fn constant(part: &str) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.env(part, "constant");
        Self::start(command)
    }

    /// Somebody else, who ends when its input does.
    pub fn peer(command: Command) -> Self {
        let mut peer = Self::start(command);
        peer.tidies = true;
        peer
    }

    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("{command:?} ended")).unwrap();
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.parse().unwrap();
            }
        };
        // Nobody reads on, and it says no more.
        Self { child, tidies: false, address }
    }

    /// What it learns at its start is not what is measured.
    fn wait_until_idle(&self) {
        let mut before = self.ticks();
        for _ in 0..60 {
            thread::sleep(Duration::from_secs(1));
            let now = self.ticks();
            if now - before < 5 {
                return;
            }
            before = now;
        }
        panic!("it is still busy after a minute");
    }

    /// Hundredths of a second that it has worked.
    fn ticks(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let after_name = status.rsplit(") ").next().unwrap();
        after_name.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    /// What it holds in memory now, and what it held at most since it was asked last, in MiB.
    pub fn memory(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let mebibytes = |name: &str| kibibytes(&status, name) >> 10;
        let held = (mebibytes("VmRSS:"), mebibytes("VmHWM:"));
        // 5 sets the greatest back.
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
        held
    }

    /// What it and all it has started hold in memory now, in MiB; what they share counts once.
    pub fn memory_of_all(&self) -> u64 {
        let (mut all, mut next) = (vec![self.child.id()], 0);
        while let Some(id) = all.get(next).copied() {
            let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
            for task in tasks {
                let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
                all.extend(children.split_whitespace().filter_map(|it| it.parse::<u32>().ok()));
            }
            next += 1;
        }
        let share = |id: u32| fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok();
        all.into_iter().filter_map(share).map(|it| kibibytes(&it, "Pss:")).sum::<u64>() >> 10
    }
}

fn kibibytes(text: &str, name: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    value.and_then(|it| it.split_whitespace().next()).map_or(0, |it| it.parse().unwrap())
}

impl Drop for Program {
    fn drop(&mut self) {
        // Who was started to serve until its input ends has something to tidy up; anybody else is killed.
        drop(self.child.stdin.take());
        for _ in 0..if self.tidies { 100 } else { 0 } {
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        // Of one that has ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
