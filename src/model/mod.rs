//! Plain data that the stages hand to each other: no I/O, no async, no behaviour beyond simple accessors.
//!
//! ```text
//! Subject ─► Capture (crawl) ─► Document (extract) ─► Candidate (locate) ─► Finding (check) ─► Findings (evaluate)
//! ```

mod capture;
mod document;
mod exchange;
mod findings;
mod format;
mod lint;
mod obligation;
pub mod problem;
mod subject;

pub use capture::{Capture, CrawlSummary, FetchStatus, LinkFound, RecordRef, Via};
pub use document::{
    Block, Cell, CharsetDecision, CharsetSource, Document, DocumentKind, Entry, ExtractionState, Fault, Form, Icon,
    Line, Link, LinkOrigin, Page, Sheet, Tag, Text, Workbook,
};
pub use exchange::Exchange;
pub use findings::{
    Alert, AlertKind, AuditInfo, CrawlInfo, Dimension, Evidence, FINDINGS_SCHEMA, Finding, Findings, ObligationFinding,
    Outcome, PackInfo, Score, Status, SubjectInfo,
};
pub use format::{ChildTable, Column, ColumnKind, ColumnRole, Format};
pub use lint::{FileLint, Level, TableProblem};
pub use obligation::{
    Cadence, Certainty, CriterionKind, FileCode, Label, Lineage, Obligation, Pack, Retention, Scoring, SourceFact, Term,
};
pub use problem::ProblemKind;
pub use subject::{Subject, SubjectKind};
