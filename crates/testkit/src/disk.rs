//! A simulated disk: page cache and platter apart, one fault at the nth operation, kills and power losses.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Random;

const PAGE: usize = 4096;
const SECTOR: usize = 512;

/// A folder tree in memory, shared by its clones. Names hold at most one `/`; what is before it is a folder.
///
/// Stores go to the cache; a sync moves a file's dirty pages to the platter, a folder sync its names. A failed
/// sync counts its pages as clean without moving them, as Linux does. A power loss keeps the platter, any of the
/// dirty pages (some of them torn between sectors), and the first few of the name changes since the folder's
/// last sync.
#[derive(Clone)]
pub struct SimDisk(Arc<Mutex<State>>);

struct State {
    names: BTreeMap<String, u64>,
    platter_names: BTreeMap<String, u64>,
    /// Name changes that no folder sync has covered, in order.
    pending: Vec<Change>,
    nodes: BTreeMap<u64, Node>,
    nodes_made: u64,
    capacity_bytes: u64,
    random: Random,
    boot: u64,
    locked: bool,
    operations: u64,
    fault: Option<Fault>,
    stores: u64,
    death: Option<Death>,
    dead: bool,
}

#[derive(Clone)]
enum Change {
    Link(String, u64),
    Unlink(String),
    Rename(String, String),
}

impl Change {
    fn name(&self) -> &str {
        match self {
            Self::Link(name, _) | Self::Unlink(name) | Self::Rename(name, _) => name,
        }
    }
}

#[derive(Default)]
struct Node {
    cache: Vec<u8>,
    platter: Vec<u8>,
    dirty: BTreeSet<usize>,
}

struct Fault {
    at: u64,
    kind: io::ErrorKind,
    /// Every operation from `at` on fails.
    lasting: bool,
}

struct Death {
    at_store: u64,
    bytes: usize,
}

/// An open file; stays usable when its name goes.
pub struct SimFile {
    disk: SimDisk,
    node: u64,
}

impl SimDisk {
    pub fn new(seed: u64, capacity_bytes: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            names: BTreeMap::new(),
            platter_names: BTreeMap::new(),
            pending: Vec::new(),
            nodes: BTreeMap::new(),
            nodes_made: 0,
            capacity_bytes,
            random: Random::new(seed),
            boot: 1,
            locked: false,
            operations: 0,
            fault: None,
            stores: 0,
            death: None,
            dead: false,
        })))
    }

    /// Operation `at` (from 1, counted from now) fails once; a store is not an operation.
    pub fn fail_once(&self, at: u64, kind: io::ErrorKind) {
        let mut state = self.state();
        state.operations = 0;
        state.fault = Some(Fault {
            at,
            kind,
            lasting: false,
        });
    }

    /// Operation `at` (from 1, counted from now) and every later one fails.
    pub fn fail_from(&self, at: u64, kind: io::ErrorKind) {
        let mut state = self.state();
        state.operations = 0;
        state.fault = Some(Fault {
            at,
            kind,
            lasting: true,
        });
    }

    /// Takes the fault away; true when it has happened.
    pub fn heal(&self) -> bool {
        let mut state = self.state();
        let happened = state
            .fault
            .as_ref()
            .is_some_and(|fault| state.operations >= fault.at);
        state.fault = None;
        happened
    }

    /// The process dies in store `at` (from 1, counted from now) after its first `bytes` bytes: nothing that it
    /// does after that has any effect.
    pub fn die_at_store(&self, at: u64, bytes: usize) {
        let mut state = self.state();
        state.stores = 0;
        state.death = Some(Death {
            at_store: at,
            bytes,
        });
    }

    pub fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// The process is gone; the machine runs on.
    pub fn kill(&self) {
        let mut state = self.state();
        state.dead = false;
        state.death = None;
        state.locked = false;
    }

    /// The machine is gone, and starts again.
    pub fn power_loss(&self) {
        self.kill();
        self.state().lose_power();
    }

    /// The machine starts again; everything had reached the platter before.
    pub fn restart(&self) {
        let mut state = self.state();
        state.boot += 1;
        state.settle_names("", usize::MAX);
        state.settle_names("journal", usize::MAX);
        for node in state.nodes.values_mut() {
            node.platter.clone_from(&node.cache);
            node.dirty.clear();
        }
        drop(state);
        self.kill();
    }

    pub fn capacity(&self, bytes: u64) {
        self.state().capacity_bytes = bytes;
    }

    /// Changes what is on the platter behind everybody's back.
    pub fn tamper(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let node = state.names[name];
        let node = state.nodes.get_mut(&node).expect("a name has a node");
        change(&mut node.cache);
        node.platter.clone_from(&node.cache);
        node.dirty.clear();
    }

    /// The bytes of a file as a program sees them.
    pub fn image(&self, name: &str) -> Vec<u8> {
        let state = self.state();
        state.nodes[&state.names[name]].cache.clone()
    }

    pub fn boot(&self) -> u64 {
        self.state().boot
    }

    pub fn random(&self) -> u64 {
        self.state().random.bits()
    }

    /// Operations so far, since the last fault was set.
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Stores so far, since the last death was set.
    pub fn stores(&self) -> u64 {
        self.state().stores
    }

    pub fn lock(&self) -> io::Result<()> {
        let mut state = self.operation()?;
        if std::mem::replace(&mut state.locked, true) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(())
    }

    pub fn unlock(&self) {
        self.state().locked = false;
    }

    /// Names (with their folder) and sizes.
    pub fn list(&self, folder: &str) -> io::Result<Vec<(String, u64)>> {
        let state = self.operation()?;
        let within = state
            .names
            .iter()
            .filter(|(name, _)| folder_of(name) == folder);
        Ok(within
            .map(|(name, node)| (name.clone(), state.nodes[node].cache.len() as u64))
            .collect())
    }

    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let state = self.operation()?;
        let node = state.find(name)?;
        Ok(state.nodes[&node].cache.clone())
    }

    /// Creates or replaces a file; the bytes are on the platter, the name need not be.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.operation()?;
        state.room_for(bytes.len() as u64)?;
        let node = Node {
            cache: bytes.to_vec(),
            platter: bytes.to_vec(),
            dirty: BTreeSet::new(),
        };
        state.link(name, node);
        Ok(())
    }

    /// Makes a file of `bytes` zeros, or lets one be that has them.
    pub fn allocate(&self, name: &str, bytes: u64, leave_free: u64) -> io::Result<()> {
        let mut state = self.operation()?;
        if state.names.contains_key(name) {
            return Ok(());
        }
        state.room_for(bytes + leave_free)?;
        let zeros = vec![0; usize::try_from(bytes).expect("simulated files are small")];
        state.link(
            name,
            Node {
                cache: zeros.clone(),
                platter: zeros,
                dirty: BTreeSet::new(),
            },
        );
        Ok(())
    }

    pub fn open(&self, name: &str) -> io::Result<SimFile> {
        let node = self.operation()?.find(name)?;
        Ok(SimFile {
            disk: self.clone(),
            node,
        })
    }

    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.operation()?;
        state.find(from)?;
        state.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    pub fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.operation()?;
        state.find(name)?;
        state.change(Change::Unlink(name.to_owned()));
        Ok(())
    }

    pub fn sync_folder(&self, folder: &str) -> io::Result<()> {
        self.operation()?.settle_names(folder, usize::MAX);
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn operation(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        if state.dead {
            return Err(io::Error::other("the process is dead"));
        }
        state.operations += 1;
        let operations = state.operations;
        match &state.fault {
            Some(fault) if operations == fault.at || (fault.lasting && operations > fault.at) => {
                Err(fault.kind.into())
            }
            _ => Ok(state),
        }
    }
}

impl SimFile {
    /// A store that cannot fail, as into a mapping; not an operation.
    pub fn store(&self, offset: u64, bytes: &[u8]) {
        let mut state = self.disk.state();
        if state.dead {
            return;
        }
        state.stores += 1;
        let mut length = bytes.len();
        if let Some(death) = &state.death
            && state.stores == death.at_store
        {
            length = death.bytes.min(length);
            state.dead = true;
        }
        let start = usize::try_from(offset).expect("simulated files are small");
        let node = state
            .nodes
            .get_mut(&self.node)
            .expect("an open file has a node");
        node.cache[start..start + length].copy_from_slice(&bytes[..length]);
        if length > 0 {
            node.dirty
                .extend(start / PAGE..=(start + length - 1) / PAGE);
        }
    }

    /// A write that is an operation, and may fail.
    pub fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        drop(self.disk.operation()?);
        self.store(offset, bytes);
        Ok(())
    }

    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let state = self.disk.operation()?;
        let bytes = &state.nodes[&self.node].cache;
        let start = bytes
            .len()
            .min(usize::try_from(offset).unwrap_or(usize::MAX));
        let length = buffer.len().min(bytes.len() - start);
        buffer[..length].copy_from_slice(&bytes[start..start + length]);
        Ok(length)
    }

    pub fn sync(&self) -> io::Result<()> {
        match self.disk.operation() {
            Ok(mut state) => {
                let node = state
                    .nodes
                    .get_mut(&self.node)
                    .expect("an open file has a node");
                for page in std::mem::take(&mut node.dirty) {
                    node.keep(page, PAGE);
                }
                Ok(())
            }
            Err(error) => {
                let mut state = self.disk.state();
                if !state.dead {
                    state
                        .nodes
                        .get_mut(&self.node)
                        .expect("an open file has a node")
                        .dirty
                        .clear();
                }
                Err(error)
            }
        }
    }
}

impl State {
    fn find(&self, name: &str) -> io::Result<u64> {
        self.names
            .get(name)
            .copied()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn room_for(&self, bytes: u64) -> io::Result<()> {
        let used: u64 = self
            .names
            .values()
            .map(|node| self.nodes[node].cache.len() as u64)
            .sum();
        if used + bytes > self.capacity_bytes {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn link(&mut self, name: &str, node: Node) {
        self.nodes_made += 1;
        self.nodes.insert(self.nodes_made, node);
        self.change(Change::Link(name.to_owned(), self.nodes_made));
    }

    fn change(&mut self, change: Change) {
        apply(&mut self.names, &change);
        self.pending.push(change);
    }

    /// Puts the first `count` pending changes of `folder` on the platter.
    fn settle_names(&mut self, folder: &str, mut count: usize) {
        let platter = &mut self.platter_names;
        self.pending.retain(|change| {
            let settled = folder_of(change.name()) == folder && count > 0;
            if settled {
                count -= 1;
                apply(platter, change);
            }
            !settled
        });
    }

    fn lose_power(&mut self) {
        for folder in ["", "journal"] {
            let survivors = self.random.below(self.pending.len() as u64 + 1) as usize;
            self.settle_names(folder, survivors);
        }
        self.pending.clear();
        self.names.clone_from(&self.platter_names);
        for node in self.nodes.values_mut() {
            for page in std::mem::take(&mut node.dirty) {
                match self.random.below(5) {
                    0 | 1 => node.keep(page, PAGE),
                    2 => node.keep(page, SECTOR * (1 + self.random.below(7) as usize)),
                    _ => {}
                }
            }
            node.cache.clone_from(&node.platter);
        }
        self.boot += 1;
    }
}

impl Node {
    /// The first `bytes` of a page reach the platter.
    fn keep(&mut self, page: usize, bytes: usize) {
        let start = page * PAGE;
        let end = (start + bytes).min(self.cache.len());
        self.platter.resize(self.cache.len(), 0);
        self.platter[start..end].copy_from_slice(&self.cache[start..end]);
    }
}

fn apply(names: &mut BTreeMap<String, u64>, change: &Change) {
    match change {
        Change::Link(name, node) => {
            names.insert(name.clone(), *node);
        }
        Change::Unlink(name) => {
            names.remove(name);
        }
        Change::Rename(from, to) => {
            if let Some(node) = names.remove(from) {
                names.insert(to.clone(), node);
            }
        }
    }
}

fn folder_of(name: &str) -> &str {
    name.split_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_loss_takes_only_what_was_not_synced() {
        let mut torn = 0;
        for seed in 0..200 {
            let disk = SimDisk::new(seed, 1 << 20);
            disk.allocate("journal/a", 8192, 0).unwrap();
            disk.sync_folder("journal").unwrap();
            let file = disk.open("journal/a").unwrap();
            file.store(0, &[1; 100]);
            file.sync().unwrap();
            file.store(100, &[2; 6000]);
            disk.allocate("journal/b", 4096, 0).unwrap();
            disk.power_loss();

            let image = disk.image("journal/a");
            assert_eq!(image[..100], [1; 100]);
            torn += u64::from(image[100..6100].contains(&0) && image.contains(&2));
            assert!(disk.list("journal").unwrap().len() <= 2);
        }
        assert!(torn > 20, "{torn} of 200 losses left a part of the store");
    }

    #[test]
    fn a_failed_sync_never_moves_its_pages() {
        let disk = SimDisk::new(1, 1 << 20);
        disk.allocate("journal/a", 4096, 0).unwrap();
        disk.sync_folder("journal").unwrap();
        let file = disk.open("journal/a").unwrap();
        file.store(0, &[7; 10]);
        disk.fail_once(1, io::ErrorKind::Other);
        assert!(file.sync().is_err());
        assert!(disk.heal());
        file.sync().unwrap();
        assert_eq!(disk.image("journal/a")[..10], [7; 10]);
        disk.power_loss();
        assert_eq!(disk.image("journal/a")[..10], [0; 10]);
    }

    #[test]
    fn the_dead_leave_no_trace_after_their_last_store() {
        let disk = SimDisk::new(1, 1 << 20);
        disk.allocate("journal/a", 4096, 0).unwrap();
        let file = disk.open("journal/a").unwrap();
        disk.die_at_store(2, 3);
        file.store(0, &[1; 5]);
        file.store(5, &[2; 5]);
        file.store(10, &[3; 5]);
        assert!(disk.is_dead() && disk.remove("journal/a").is_err());
        disk.kill();
        assert_eq!(
            disk.image("journal/a")[..12],
            [1, 1, 1, 1, 1, 2, 2, 2, 0, 0, 0, 0]
        );
    }
}
