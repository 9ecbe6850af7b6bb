//! Who reads documents: workers of this very program, under a command that no help shows.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use crate::extract::isolate::{Readers, confine, serve};

/// The command of a worker.
const COMMAND: &str = "read-documents";
/// More workers than evaluation has threads would only wait.
const MOST_WORKERS: usize = 8;

/// A worker for each processor; without a path to this program its documents are read in this process.
pub(super) fn readers() -> Readers {
    std::env::current_exe().map_or_else(
        |_| Readers::in_process(),
        |program| Readers::workers(program, vec![COMMAND.into()], processors()),
    )
}

/// How many documents are worth reading at once.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MOST_WORKERS)
}

/// Whether this process is to be a worker.
pub(super) fn is_asked(arguments: &[OsString]) -> bool {
    arguments.len() == 2 && arguments[1] == COMMAND
}

/// Reads documents until there are no more.
pub(super) fn read() -> ExitCode {
    confine();
    match serve(std::io::stdin().lock(), output()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(3),
    }
}

/// Standard output for answers alone: what a library prints there goes to standard error instead.
fn output() -> Box<dyn Write> {
    #[cfg(unix)]
    {
        use rustix::stdio::{dup2_stdout, stderr, stdout};
        if let Ok(own) = rustix::io::dup(stdout())
            && dup2_stdout(stderr()).is_ok()
        {
            return Box::new(std::fs::File::from(own));
        }
    }
    Box::new(std::io::stdout().lock())
}
