//! The manners owed to one host, or to one address that several hosts share: how often, how many at once, slower when it labours.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::model::FetchStatus;

/// Longest interval that slowing down leads to.
const SLOWEST: Duration = Duration::from_secs(30);
/// A host that takes longer than this is given time.
const LABOURING: Duration = Duration::from_secs(3);

/// Pace and connections of one host or address.
pub(super) struct Pace {
    state: Mutex<State>,
    connections: Arc<Semaphore>,
    polite: bool,
}

struct State {
    next: Instant,
    /// Until when the host asked to be left alone.
    closed: Instant,
    base: Duration,
    interval: Duration,
}

impl Pace {
    /// `rate` requests a second; `None` switches the pace off, not the connections.
    pub(super) fn new(rate: Option<f64>, connections: usize) -> Self {
        let interval = rate
            .filter(|r| *r > 0.0 && r.is_finite())
            .and_then(|r| Duration::try_from_secs_f64(1.0 / r).ok())
            .unwrap_or(Duration::ZERO);
        Self {
            state: Mutex::new(State {
                next: Instant::now(),
                closed: Instant::now(),
                base: interval,
                interval,
            }),
            connections: Arc::new(Semaphore::new(connections.max(1))),
            polite: rate.is_some(),
        }
    }

    /// Waits for a free connection; it is free again when the permit is dropped.
    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.connections).acquire_owned().await.ok()
    }

    /// Waits until the next request may go out; not when the host asked to be left alone for longer than `longest`, but then it
    /// gives the time that is left.
    pub(super) async fn turn(&self, longest: Duration) -> Result<(), Duration> {
        loop {
            let wait = {
                let mut state = self.lock();
                let now = Instant::now();
                let closed = state.closed.saturating_duration_since(now);
                if closed > longest {
                    return Err(closed);
                }
                if state.next <= now {
                    state.next = now + state.interval;
                    return Ok(());
                }
                state.next
            };
            tokio::time::sleep_until(wait).await;
        }
    }

    /// No request before this time has passed.
    pub(super) fn pause(&self, wait: Duration) {
        let mut state = self.lock();
        state.next = state.next.max(Instant::now() + wait);
    }

    /// The host asks to be left alone for this time.
    pub(super) fn close(&self, wait: Duration) {
        self.pause(wait);
        let mut state = self.lock();
        state.closed = state.closed.max(Instant::now() + wait);
    }

    /// Never faster than this.
    pub(super) fn at_least(&self, interval: Duration) {
        let mut state = self.lock();
        state.base = state.base.max(interval);
        state.interval = state.interval.max(interval);
    }

    /// Slower when the host labours or complains, back to its pace when it does not.
    pub(super) fn learn(&self, took: Duration, status: FetchStatus) {
        if !self.polite {
            return;
        }
        let mut state = self.lock();
        let complains = matches!(
            status,
            FetchStatus::RateLimited | FetchStatus::ServerError | FetchStatus::Timeout | FetchStatus::ConnectError
        );
        state.interval = if complains {
            (state.interval.max(Duration::from_millis(100)) * 2).min(SLOWEST)
        } else if took > LABOURING {
            took.min(SLOWEST).max(state.interval)
        } else {
            (state.interval * 9 / 10).max(state.base)
        };
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
