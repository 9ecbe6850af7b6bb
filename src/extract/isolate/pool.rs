//! Hands workers out, one to a caller at a time; callers wait for a free one.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::super::{Limits, Source};
use super::process::Process;
use super::protocol::Request;
use crate::model::{Document, DocumentKind, Fault};

/// The workers of one program.
#[derive(Debug)]
pub(super) struct Pool {
    program: PathBuf,
    arguments: Vec<OsString>,
    how_many: usize,
    timeout: Duration,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Process>,
    /// Idle and handed out.
    running: usize,
    /// The program cannot be started: callers read for themselves.
    unable: bool,
}

impl Pool {
    pub(super) fn new(program: PathBuf, arguments: Vec<OsString>, how_many: usize, timeout: Duration) -> Self {
        Self {
            program,
            arguments,
            how_many,
            timeout,
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Reads a document in a worker; `None` when there can be none.
    pub(super) fn read(
        &self,
        kind: DocumentKind,
        source: &Source<'_>,
        bytes: &[u8],
        limits: &Limits,
    ) -> Option<Result<Document, Fault>> {
        let frame = Request::new(kind, source, limits).frame(bytes)?;
        let mut process = self.take()?;
        let answer = process.ask(frame, self.timeout);
        let again = answer.as_ref().is_ok_and(|a| !a.last);
        self.give(again.then_some(process));
        Some(answer.map(|a| a.document))
    }

    pub(super) fn idle(&self) -> Vec<u32> {
        self.lock().idle.iter().map(Process::id).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Process> {
        let mut state = self.lock();
        loop {
            if let Some(mut process) = state.idle.pop() {
                if process.is_alive() {
                    return Some(process);
                }
                state.running -= 1;
            } else if state.unable {
                return None;
            } else if state.running < self.how_many {
                state.running += 1;
                drop(state);
                return self.start();
            } else {
                state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn start(&self) -> Option<Process> {
        let started = Process::start(&self.program, &self.arguments).ok();
        if started.is_none() {
            let mut state = self.lock();
            state.running -= 1;
            state.unable = state.running == 0;
            drop(state);
            self.freed.notify_all();
        }
        started
    }

    /// Takes a worker back; `None`: it is gone.
    fn give(&self, process: Option<Process>) {
        let mut state = self.lock();
        match process {
            Some(process) => state.idle.push(process),
            None => state.running -= 1,
        }
        drop(state);
        self.freed.notify_one();
    }
}
