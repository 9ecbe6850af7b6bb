//! A bar on standard error while a crawl runs, on terminals only.

use std::io::IsTerminal;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::Common;
use crate::event::{Event, Listener, Silent};

/// The listener that fits the terminal and the options.
pub(super) fn listener(common: &Common) -> Arc<dyn Listener> {
    let shown = !common.quiet && !common.no_progress && std::io::stderr().is_terminal();
    if !shown {
        return Arc::new(Silent);
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {prefix}: {msg}") {
        bar.set_style(style);
    }
    Arc::new(Bar(bar))
}

struct Bar(ProgressBar);

impl Listener for Bar {
    fn on(&self, event: &Event) {
        match event {
            Event::Stage(name) => {
                self.0.set_prefix(*name);
                self.0.set_message("");
                self.0.tick();
            }
            Event::Fetched {
                url,
                done,
                queued,
                bytes,
                ..
            } => {
                let short: String = url.chars().filter(|c| !c.is_control()).take(60).collect();
                self.0
                    .set_message(format!("{done} · {queued} en espera · {} MiB · {short}", bytes >> 20));
                self.0.tick();
            }
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
