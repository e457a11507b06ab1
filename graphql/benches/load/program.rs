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
    /// Where it listens.
    pub address: SocketAddr,
}

impl Program {
    /// The real one, on a log.
    pub fn server(data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongjian"));
        command.arg("serve").arg("--data").arg(data);
        command.args(["--listen", "127.0.0.1:0", "--no-replan", "--member-rate", "0", "--address-rate", "0"]);
        command.env("GONGJIAN_LOG", env::var("GONGJIAN_LOAD_LOG").unwrap_or_else(|_| "info".to_owned()));
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

    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("{command:?} ended")).unwrap();
            if let Some(address) = line.strip_prefix("listening on http://") {
                break address.parse().unwrap();
            }
        };
        // Nobody reads on, and it says no more.
        Self { child, address }
    }

    /// What it learns at its start is not what is measured.
    fn wait_until_idle(&self) {
        let mut before = self.ticks();
        loop {
            thread::sleep(Duration::from_secs(2));
            let now = self.ticks();
            if now - before < 10 {
                return;
            }
            before = now;
        }
    }

    /// Hundredths of a second that it has worked.
    fn ticks(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let after_name = status.rsplit(") ").next().unwrap();
        after_name.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    /// Resident memory in MiB, on a machine with pages of 4 KiB.
    pub fn resident(&self) -> u64 {
        let pages = fs::read_to_string(format!("/proc/{}/statm", self.child.id())).unwrap();
        pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() >> 8
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Of one that has ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
