//! Text of strangers made comparable: Spanish normalisation, numbering, periods, addresses. Pure functions.

pub mod date;
pub mod deadline;
pub mod fold;
pub mod header;
pub mod numeral;
pub mod period;
pub mod personal;
pub mod places;
mod token;
pub mod url;

pub use fold::{fold, fold_into, mojibake, stem, stems};
