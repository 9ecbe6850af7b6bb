//! The memory that bodies share: small ones are free, large ones wait until there is room, so that several at once cannot fill
//! it. A transfer takes all that it may need at once, and so never waits while it holds some.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of a body up to which it asks for nothing.
pub(super) const SMALL: usize = 512 << 10;
/// Bytes that all large bodies may hold together.
const ALL: u64 = 96 << 20;
/// Bytes that are counted as one.
const UNIT: u64 = 1 << 10;

/// Room for large bodies.
pub(super) struct Memory {
    room: Arc<Semaphore>,
}

impl Memory {
    /// Empty.
    pub(super) fn new() -> Self {
        Self {
            room: Arc::new(Semaphore::new(usize::try_from(ALL / UNIT).unwrap_or(usize::MAX))),
        }
    }

    /// Waits for room; what is larger than all of it takes all. It is free again when the permit is dropped.
    pub(super) async fn hold(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let units = u32::try_from(bytes.min(ALL).div_ceil(UNIT)).unwrap_or(u32::MAX);
        Arc::clone(&self.room).acquire_many_owned(units).await.ok()
    }
}
