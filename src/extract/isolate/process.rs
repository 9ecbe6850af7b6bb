//! One worker process as the pool sees it: a question, an answer within a time, and what it died of.
//!
//! Writing and reading wait in threads of their own, so that a worker that neither takes nor gives anything can be left.

use std::ffi::OsString;
use std::io::{Read, Result, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::protocol::{Answer, read_answer};
use crate::model::Fault;

/// Bytes kept of what a worker last complained of.
const COMPLAINT: usize = 4096;
/// What the standard library writes before it aborts for want of memory; a stack that overflows aborts too, with other words.
const NO_MEMORY: &str = "memory allocation of ";

/// A running worker; killed when it is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    asks: Sender<Vec<u8>>,
    answers: Receiver<Result<Answer>>,
    complaint: Option<JoinHandle<String>>,
}

impl Process {
    pub(super) fn start(program: &Path, arguments: &[OsString]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (asks, asked) = channel();
        let (tell, answers) = channel();
        if let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) {
            std::thread::spawn(move || converse(&asked, &tell, input, output));
        }
        let complaint = child.stderr.take().map(|e| std::thread::spawn(move || last_words(e)));
        Ok(Self {
            child,
            asks,
            answers,
            complaint,
        })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs: one that somebody killed while it waited shall cost nothing.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks, and waits. After an error the worker is of no more use.
    pub(super) fn ask(&mut self, frame: Vec<u8>, within: Duration) -> std::result::Result<Answer, Fault> {
        if self.asks.send(frame).is_err() {
            return Err(self.died_of());
        }
        match self.answers.recv_timeout(within) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(self.died_of()),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                Err(Fault::TimedOut)
            }
        }
    }

    /// Kills it if it is not dead; how it ended.
    fn end(&mut self) -> Option<ExitStatus> {
        let _ = self.child.kill();
        self.child.wait().ok()
    }

    fn died_of(&mut self) -> Fault {
        let status = self.end();
        let said = self.complaint.take().and_then(|t| t.join().ok()).unwrap_or_default();
        if said.contains(NO_MEMORY) {
            Fault::OutOfMemory
        } else if status.is_some_and(out_of_time) {
            Fault::TimedOut
        } else {
            Fault::Crashed
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether the system ended it for its processor time.
#[cfg(unix)]
fn out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn out_of_time(_: ExitStatus) -> bool {
    false
}

/// Carries questions in and answers out, until either side is gone.
fn converse(asked: &Receiver<Vec<u8>>, tell: &Sender<Result<Answer>>, mut input: ChildStdin, mut output: ChildStdout) {
    for frame in asked {
        let answer = input.write_all(&frame).and_then(|()| {
            drop(frame);
            read_answer(&mut output)
        });
        let broken = answer.is_err();
        if tell.send(answer).is_err() || broken {
            break;
        }
    }
}

/// Reads what a worker complains of, so that it never waits for a reader, and keeps the end.
fn last_words(mut from: impl Read) -> String {
    let mut kept = Vec::new();
    let mut part = [0; COMPLAINT];
    while let Ok(n) = from.read(&mut part) {
        if n == 0 {
            break;
        }
        kept.extend_from_slice(&part[..n]);
        let over = kept.len().saturating_sub(COMPLAINT);
        kept.drain(..over);
    }
    String::from_utf8_lossy(&kept).into_owned()
}
