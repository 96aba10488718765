//! The gateway's identity file: who we are, and how often the journal was opened.

use std::io;

use crate::disk::{Disk, Folder, IDENTITY};
use crate::error::JournalError;

const TEMPORARY: &str = "gateway.id.new";
const TITLE: &str = "towpath gateway 1";

/// The content of `gateway.id`; what is on disk is never older than what is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) gateway: u64,
    /// Epochs taken so far.
    opens: u64,
}

impl Identity {
    /// Reads the file, or becomes a new gateway where there is none.
    pub(crate) fn load(disk: &dyn Disk) -> Result<Self, JournalError> {
        match disk.read(IDENTITY) {
            Ok(bytes) => parse(&bytes).ok_or_else(|| JournalError::GatewayId {
                path: disk.path(IDENTITY),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let random = disk
                    .random()
                    .map_err(|error| JournalError::io("choose an id for", disk, IDENTITY, error))?;
                // 63 bits and not 0, so that it fits a signed column and can stand for nothing else.
                Ok(Self {
                    gateway: (random >> 1).max(1),
                    opens: 0,
                })
            }
            Err(error) => Err(JournalError::io("read", disk, IDENTITY, error)),
        }
    }

    /// Takes the next epoch; it is on disk when this returns. The high half counts, the low half is random:
    /// an older copy of the folder that comes back to life repeats counts, not epochs.
    pub(crate) fn take_epoch(&mut self, disk: &dyn Disk) -> Result<u64, JournalError> {
        let next = Self {
            opens: self.opens + 1,
            ..*self
        };
        let failed = |what| move |error| JournalError::io(what, disk, IDENTITY, error);
        let salt = disk.random().map_err(failed("choose an epoch for"))? & u64::from(u32::MAX);
        disk.write(TEMPORARY, next.text().as_bytes())
            .map_err(failed("write"))?;
        disk.rename(TEMPORARY, IDENTITY)
            .map_err(failed("replace"))?;
        disk.sync_folder(Folder::Data)
            .map_err(failed("sync the folder of"))?;
        *self = next;
        Ok(next.opens << 32 | salt)
    }

    fn text(&self) -> String {
        format!("{TITLE}\nid {:016x}\nopens {}\n", self.gateway, self.opens)
    }
}

fn parse(bytes: &[u8]) -> Option<Identity> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.lines();
    (lines.next()? == TITLE).then_some(())?;
    let gateway = u64::from_str_radix(lines.next()?.strip_prefix("id ")?, 16).ok()?;
    let opens = lines.next()?.strip_prefix("opens ")?.parse().ok()?;
    let identity = Identity { gateway, opens };
    (identity.text() == text).then_some(identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_text_is_an_identity() {
        let identity = Identity {
            gateway: 0xabc,
            opens: 12,
        };
        assert_eq!(parse(identity.text().as_bytes()), Some(identity));
        let text = identity.text();
        for cut in 0..text.len() {
            assert_eq!(parse(&text.as_bytes()[..cut]), None, "{cut}");
        }
        assert_eq!(
            parse(b"towpath gateway 2\nid 0000000000000abc\nopens 12\n"),
            None
        );
    }
}
