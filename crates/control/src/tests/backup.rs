//! Backups: taken while calls go on, verified, restored, replayed; nothing lost and nothing twice.

use std::path::{Path, PathBuf};

use adoption::Clock;

use super::world::{SETTLEMENT, World, answer, apply_all, call, open};
use crate::backup::Existing;
use crate::jobs::apply::{Storing, applier};
use crate::{Actor, UsageBy, restore};

async fn backed_up(world: &World, name: &str) -> PathBuf {
    let path = world.dir.path().with_extension(name);
    world.control.backup(Actor::Cli, &path).await.unwrap();
    path
}

struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Another installation, on the restored folder.
async fn restored(archive: &Path, world: &World) -> World {
    let dir = tempfile::tempdir().unwrap();
    restore(archive, dir.path(), Existing::Refuse)
        .await
        .unwrap();
    let control = open(dir.path(), &world.clock).await;
    World {
        dir,
        clock: world.clock.clone(),
        control,
    }
}

#[tokio::test]
async fn what_was_journalled_and_not_applied_comes_back_and_counts_once() {
    let world = World::new().await;
    world.surface("payments").await;
    world.consumer("acme").await;
    world.key("acme", "payments").await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let mut applying = applier(&world.control, journal.clone());
    for n in 0..40 {
        answer(&lane, &call(world.clock.now(), n), 200);
    }
    let open_call = lane
        .reserve(
            &call(world.clock.now(), 1),
            200,
            adoption::Origin::Upstream,
            1,
        )
        .unwrap();
    lane.durable(&open_call).await.unwrap();
    applying.pass(Storing::Now).await.unwrap();
    for n in 0..60 {
        answer(&lane, &call(world.clock.now(), n), 200);
    }
    lane.settle(open_call, &SETTLEMENT);
    let interrupted = lane
        .reserve(
            &call(world.clock.now(), 1),
            200,
            adoption::Origin::Upstream,
            1,
        )
        .unwrap();
    lane.durable(&interrupted).await.unwrap();
    let archive = Removed(backed_up(&world, "tar").await);

    // The original goes on: none of this is in the backup.
    lane.settle(interrupted, &SETTLEMENT);
    for n in 0..500 {
        answer(&lane, &call(world.clock.now(), n), 200);
    }
    drop((lane, applying));
    apply_all(&world, journal).await;
    let total = world.usage(UsageBy::Operation).await.total;
    assert_eq!((total.calls, total.interrupted), (602, 0));

    let copy = restored(&archive.0, &world).await;
    assert_eq!(
        copy.usage(UsageBy::Operation).await.total.calls,
        41,
        "as far as it was applied"
    );
    let journal = copy.journal();
    apply_all(&copy, journal).await;
    let total = copy.usage(UsageBy::Operation).await.total;
    assert_eq!(
        (total.calls, total.interrupted, total.bytes_out),
        (102, 1, 101 * 1_000)
    );
    // Once more: every stream is closed.
    let journal = copy.journal();
    let lane = journal.lane(0).unwrap();
    answer(&lane, &call(copy.clock.now(), 1), 200);
    drop(lane);
    apply_all(&copy, journal).await;
    assert_eq!(copy.usage(UsageBy::Operation).await.total.calls, 103);
    assert_eq!(copy.control.snapshot().await.unwrap().keys.len(), 1);
}

#[tokio::test]
async fn a_backup_of_a_busy_journal_is_a_whole_prefix() {
    let world = World::new().await;
    let journal = world.journal();
    let lane = journal.lane(0).unwrap();
    let (started, go) = std::sync::mpsc::channel();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let clock = world.clock.clone();
    let stopped = stop.clone();
    let writer = std::thread::spawn(move || {
        let mut calls = 0;
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) && calls < 200_000 {
            answer(&lane, &call(clock.now(), calls), 200);
            calls += 1;
            if calls == 1_000 {
                started.send(()).unwrap();
            }
        }
        calls
    });
    go.recv().unwrap();
    let archive = Removed(backed_up(&world, "busy.tar").await);
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let written = writer.join().unwrap();

    let copy = restored(&archive.0, &world).await;
    let journal = copy.journal();
    apply_all(&copy, journal).await;
    let total = copy.usage(UsageBy::Operation).await.total;
    assert!(
        (1_000..=written).contains(&total.calls),
        "{} of {written}",
        total.calls
    );
    assert!(total.interrupted <= 1, "{}", total.interrupted);
    assert_eq!(copy.control.health().await.streams_damaged, 0);
}

#[tokio::test]
async fn a_folder_in_use_or_not_empty_is_not_overwritten() {
    let world = World::new().await;
    world.consumer("acme").await;
    let token = crate::local_token(world.dir.path()).unwrap();
    let archive = Removed(backed_up(&world, "own.tar").await);
    let again = world.control.backup(Actor::Cli, &archive.0).await;
    assert_eq!(again.unwrap_err().code(), "backup_exists");
    let refused = restore(&archive.0, world.dir.path(), Existing::Refuse).await;
    assert_eq!(refused.unwrap_err().code(), "data_dir_not_empty");
    let journal = world.journal();
    let running = restore(&archive.0, world.dir.path(), Existing::Replace).await;
    assert_eq!(running.unwrap_err().code(), "data_dir_in_use");
    drop(journal);

    world.consumer("after the backup").await;
    world.control.close().await;
    let report = restore(&archive.0, world.dir.path(), Existing::Replace)
        .await
        .unwrap();
    let aside = report.set_aside.unwrap();
    assert!(aside.join("towpath.db").exists());
    let control = open(world.dir.path(), &world.clock).await;
    assert!(control.consumer("acme").await.is_ok());
    assert!(control.consumer("after the backup").await.is_err());
    assert_eq!(
        crate::local_token(world.dir.path()).unwrap().expose(),
        token.expose()
    );
    std::fs::remove_dir_all(aside).unwrap();
}

#[tokio::test]
async fn a_damaged_archive_restores_nothing() {
    let world = World::new().await;
    world.consumer("acme").await;
    let archive = Removed(backed_up(&world, "damaged.tar").await);
    let whole = std::fs::read(&archive.0).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("data");
    for at in (0..whole.len())
        .step_by(whole.len() / 40)
        .chain([512, 1_024, whole.len() - 1_025])
    {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        std::fs::write(&archive.0, &bytes).unwrap();
        let flipped = restore(&archive.0, &target, Existing::Refuse).await;
        if flipped.is_ok() {
            // Only padding and names of owners in headers are free to differ; the data is whole.
            let control = open(&target, &world.clock).await;
            assert!(control.consumer("acme").await.is_ok(), "byte {at}");
            control.close().await;
            std::fs::remove_dir_all(&target).unwrap();
        }
        std::fs::write(&archive.0, &whole[..at]).unwrap();
        assert!(
            restore(&archive.0, &target, Existing::Refuse)
                .await
                .is_err(),
            "cut at {at}"
        );
        assert!(!target.exists());
    }
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
