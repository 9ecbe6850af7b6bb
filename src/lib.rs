//! Veedor audits public transparency: **crawl, then evaluate, then report**. Three stages that meet only in files.
//!
//! ```text
//! roster ─► CRAWL ────────────► case file ──────► EVALUATE ────────► findings ─► REPORT ─► people
//!           crawl, archive      evidence          extract, locate,   model::      report
//!                                                 check, evaluate    Findings
//! ```
//!
//! Modules stand in the order of the pipeline; each may use those above it, never those below.

pub mod model;
pub mod text;

pub mod codec;
pub mod event;
pub mod files;
pub mod rules;

pub mod archive;
pub mod crawl;

pub mod extract;

pub mod locate;

pub mod check;

pub mod evaluate;

pub mod report;

pub mod audit;

pub mod measure;

pub mod cli;
