//! A running `towpath up` with a data folder of its own, and the command line that talks to it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::wire;

const BINARY: &str = env!("CARGO_BIN_EXE_towpath");
/// A start takes well under a second; a loaded machine may need much longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What `towpath.toml` says. The surface is named `api`.
pub struct Setup {
    upstream: String,
    contract: Option<String>,
    top: String,
    surface: String,
    disk: Disk,
}

/// Where the data folder lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disk {
    Usual,
    /// A disk of its own of this many MiB, seen by the process alone and gone with it.
    Small(u32),
}

impl Setup {
    /// One surface without contract, one worker, unknown paths and anonymous calls pass.
    pub fn new(upstream: &str) -> Self {
        Self {
            upstream: upstream.to_owned(),
            contract: None,
            top: String::new(),
            surface: String::new(),
            disk: Disk::Usual,
        }
    }

    /// The contract's text, YAML or JSON.
    pub fn contract(mut self, text: &str) -> Self {
        self.contract = Some(text.to_owned());
        self
    }

    /// Lines for the file's own tables, such as `[gateway.limits]`.
    pub fn top(mut self, lines: &str) -> Self {
        self.top += lines;
        self.top.push('\n');
        self
    }

    /// Lines inside `[[surface]]`.
    pub fn surface(mut self, lines: &str) -> Self {
        self.surface += lines;
        self.surface.push('\n');
        self
    }

    /// Puts the data folder on a disk that can be filled.
    pub fn disk_mib(mut self, size: u32) -> Self {
        self.disk = Disk::Small(size);
        self
    }

    pub fn start(self) -> Towpath {
        let folder = tempfile::tempdir().unwrap();
        self.start_in(folder)
    }

    /// Writes the config into `folder` and starts with the data in `folder/data`.
    pub fn start_in(self, folder: TempDir) -> Towpath {
        let ip = own_address();
        let (gateway, web) = (free_port(&ip), free_port(&ip));
        let contract = self.contract.map_or(String::new(), |text| {
            fs::write(folder.path().join("contract.yaml"), text).unwrap();
            "contract = \"contract.yaml\"\n".to_owned()
        });
        let config = format!(
            "data = \"data\"\n[gateway]\nlisten = \"{gateway}\"\nworkers = 1\n[web]\nlisten = \"{web}\"\n{}\
             [[surface]]\nname = \"api\"\nupstream = \"{}\"\n{contract}{}",
            self.top, self.upstream, self.surface
        );
        fs::write(folder.path().join("towpath.toml"), config).unwrap();
        let child = spawn(folder.path(), self.disk);
        let mut towpath = Towpath {
            child,
            gateway,
            web,
            folder,
            disk: self.disk,
        };
        towpath.wait_until_ready();
        towpath
    }
}

/// Killed when dropped; its folder goes with it.
pub struct Towpath {
    child: Child,
    pub gateway: SocketAddr,
    pub web: SocketAddr,
    folder: TempDir,
    disk: Disk,
}

impl Towpath {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// As this process can reach it.
    pub fn data(&self) -> PathBuf {
        let data = self.folder.path().join("data");
        match self.disk {
            Disk::Usual => data,
            Disk::Small(_) => PathBuf::from(format!("/proc/{}/root{}", self.pid(), data.display())),
        }
    }

    /// Everything that the process wrote to stdout and stderr.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log.txt")).unwrap_or_default()
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM; returns how it ended.
    pub fn terminate(&mut self) -> ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut status = None;
        eventually("the process ends after SIGTERM", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    /// Starts again in the same folder, on the same addresses.
    pub fn restart(&mut self) {
        self.kill();
        self.start_again();
        self.wait_until_ready();
    }

    /// Like `restart` for a process that has ended, without waiting until it serves.
    pub fn start_again(&mut self) {
        self.child = spawn(self.folder.path(), self.disk);
    }

    pub fn wait_until_ready(&mut self) {
        let start = Instant::now();
        loop {
            if std::net::TcpStream::connect(self.web).is_ok() && self.readiness() == (200, true) {
                return;
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("towpath ended with {status}:\n{}", self.log());
            }
            assert!(
                start.elapsed() < PATIENCE,
                "not ready after {PATIENCE:?}:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The status of `/readyz`, and whether it says that the database is open.
    pub fn readiness(&self) -> (u16, bool) {
        let answer = wire::get(self.web, "/readyz", &[]);
        (answer.status, answer.json()["database"] == true)
    }

    /// Runs the command line against this server.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(BINARY)
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The same; it must succeed. Returns its stdout.
    pub fn cli(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "towpath {arguments:?}: {}\n{}",
            output.status,
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--format", "json"]].concat();
        serde_json::from_str(&self.cli(&arguments)).unwrap()
    }

    /// Makes the consumer where it does not exist yet, and a key for it: its id and its text.
    pub fn key(&self, consumer: &str) -> (String, String) {
        self.run(&["consumer", "create", consumer]);
        let issued = self.json(&["key", "create", "--consumer", consumer, "--surface", "api"]);
        let text = find(&issued, "secret").expect("the new key's text");
        let id = issued.get("key").unwrap_or(&issued)["id"]
            .as_str()
            .expect("the new key's id")
            .to_owned();
        (id, text)
    }

    pub fn usage(&self, by: &str) -> Value {
        self.json(&["usage", "--by", by])
    }

    /// `calls` of the row with this name; 0 where there is none.
    pub fn calls(&self, by: &str, name: &str) -> u64 {
        let report = self.usage(by);
        let rows = report["rows"].as_array().unwrap();
        rows.iter()
            .filter(|row| row["name"] == name)
            .map(|row| row["calls"].as_u64().unwrap())
            .sum()
    }

    pub fn calls_in_all(&self) -> u64 {
        self.usage("operation")["total"]["calls"].as_u64().unwrap()
    }

    /// Waits until usage shows this many calls, and that it stays there.
    pub fn expect_calls(&self, expected: u64) {
        eventually(&format!("usage shows {expected} calls"), || {
            self.calls_in_all() >= expected
        });
        assert_eq!(self.calls_in_all(), expected);
    }

    /// Resident memory in KiB, from the kernel.
    pub fn resident_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Towpath {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("towpath wrote:\n{}", self.log());
        }
    }
}

fn spawn(folder: &Path, disk: Disk) -> Child {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("log.txt"))
        .unwrap();
    let mut command = match disk {
        Disk::Usual => Command::new(BINARY),
        // A mount of its own needs no right outside: the user is root in a namespace of its own.
        Disk::Small(mib) => {
            let data = folder.join("data");
            fs::create_dir_all(&data).unwrap();
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
            command.arg(
                "mount -t tmpfs -o size=\"$1\",mode=0700 small \"$2\" && shift 2 && exec \"$@\"",
            );
            command
                .args(["sh", &format!("{mib}m")])
                .arg(data)
                .arg(BINARY);
            command
        }
    };
    command
        .args(["up", "--config", "towpath.toml"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// A loopback address that no other test process uses: the gateway shares ports with whoever asks,
/// so that a port that two tests found free at once would serve both.
fn own_address() -> String {
    let pid = std::process::id();
    if cfg!(target_os = "linux") {
        format!(
            "127.{}.{}.{}",
            1 + (pid >> 14) % 250,
            (pid >> 7) % 128,
            1 + pid % 128
        )
    } else {
        "127.0.0.1".to_owned()
    }
}

/// Never the same one twice in this process.
fn free_port(ip: &str) -> SocketAddr {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let addr = TcpListener::bind((ip, 0)).unwrap().local_addr().unwrap();
        if GIVEN.lock().unwrap().insert(addr.port()) {
            return addr;
        }
    }
}

/// The first text under this key, anywhere in the document.
fn find(value: &Value, key: &str) -> Option<String> {
    match value {
        Value::Object(members) => {
            let own = members.get(key).and_then(Value::as_str).map(str::to_owned);
            own.or_else(|| members.values().find_map(|member| find(member, key)))
        }
        Value::Array(items) => items.iter().find_map(|item| find(item, key)),
        _ => None,
    }
}

/// Polls until `holds`; fails with `what` after half a minute.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < PATIENCE,
            "{what}: not within {PATIENCE:?}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}
