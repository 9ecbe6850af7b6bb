//! Parses the command line, runs it and exits with its code: nothing else.

fn main() -> std::process::ExitCode {
    veedor::cli::main()
}
