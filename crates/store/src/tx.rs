//! Transactions: the only way to a connection.

use std::ops::{Deref, DerefMut};

use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::error::StoreError;
#[cfg(feature = "testing")]
use crate::faults::Faults;

/// A transaction on one connection; rolled back when dropped.
pub struct Tx {
    inner: Transaction<'static, Sqlite>,
    #[cfg(feature = "testing")]
    faults: Faults,
}

impl Tx {
    #[cfg(not(feature = "testing"))]
    pub(crate) const fn new(inner: Transaction<'static, Sqlite>) -> Self {
        Self { inner }
    }

    #[cfg(feature = "testing")]
    pub(crate) const fn new(inner: Transaction<'static, Sqlite>, faults: Faults) -> Self {
        Self { inner, faults }
    }

    /// The connection, for one statement.
    pub(crate) fn conn(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        #[cfg(feature = "testing")]
        self.faults.pass()?;
        Ok(&mut self.inner)
    }
}

/// Reads that all see the same state; never blocks a writer and is never blocked by one.
pub struct ReadTx(pub(crate) Tx);

impl Deref for ReadTx {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.0
    }
}

impl DerefMut for ReadTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.0
    }
}

/// The one write transaction of the moment.
pub struct WriteTx(pub(crate) Tx);

impl WriteTx {
    /// Makes everything since the begin durable. Errors: [`StoreError::Commit`] when the outcome is unknown.
    pub async fn commit(self) -> Result<(), StoreError> {
        #[cfg(feature = "testing")]
        {
            // Once before, when nothing is kept, and once after, when all is kept and nobody is told.
            self.0.faults.pass()?;
            self.0.inner.commit().await.map_err(StoreError::Commit)?;
            self.0.faults.pass()
        }
        #[cfg(not(feature = "testing"))]
        self.0.inner.commit().await.map_err(StoreError::Commit)
    }
}

impl Deref for WriteTx {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.0
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.0
    }
}
