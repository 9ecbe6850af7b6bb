//! The command line: arguments, settings, messages, progress, exit codes. The only place that prints, reads the environment or
//! exits.

mod args;
mod commands;
mod documents;
mod help;
mod lint;
mod progress;
mod range;
mod rules;
mod settings;
mod tell;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::FromArgMatches;

use args::Cli;
use tell::Failure;

/// Runs the program with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Parses, runs, and gives the exit code: 0 done · 1 done, below what was asked · 2 wrong use or input · 3 could not finish ·
/// 130 interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if documents::is_asked(&arguments) {
        return documents::read();
    }
    let lang = help::lang_of(&arguments);
    let command = help::command(lang);
    let matches = match command.try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(e) => {
            let wrong = e.use_stderr();
            match help::spanish(&e).filter(|_| wrong && lang == args::LangArg::Es) {
                Some(text) => {
                    let _ = std::io::stderr().write_all(text.as_bytes());
                }
                None => {
                    let _ = e.print();
                }
            }
            return if wrong { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(2);
        }
    };
    match commands::run(cli, lang) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            let Failure { text, code } = failure;
            let _ = writeln!(std::io::stderr(), "{text}");
            ExitCode::from(code)
        }
    }
}

/// Writes to standard output; a reader that went away is no error.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
