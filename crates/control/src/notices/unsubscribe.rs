//! Declining what may be declined, by the signed link of a mail (RFC 8058).

use crate::control::Control;
use crate::error::ControlError;

/// Who declined, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribed {
    pub address: String,
}

impl Control {
    /// The address that a token stands for; `None` for one that is not ours. Nothing changes: mail scanners follow links.
    pub fn unsubscribing(&self, token: &str) -> Result<Option<String>, ControlError> {
        Ok(self.notice_key()?.read_unsubscribe_token(token))
    }

    /// From now on the address of the token gets no invitations and reminders; again does nothing. Notices about the
    /// service itself still go there. `None` for a token that is not ours.
    pub async fn unsubscribe(&self, token: &str) -> Result<Option<Unsubscribed>, ControlError> {
        let Some(address) = self.unsubscribing(token)? else {
            return Ok(None);
        };
        let mut tx = self.store().write().await?;
        store::delivery::suppress(&mut tx, &address, self.now()).await?;
        tx.commit().await?;
        Ok(Some(Unsubscribed { address }))
    }
}
