//! Table layouts that guidelines prescribe for an obligation (*formatos* of the Lineamientos Técnicos Generales, LTG), as `rules`
//! has validated them.

use serde::{Deserialize, Serialize};

use super::{Lineage, SourceFact};

/// What a column holds: the codes 1–14 of row 4 of the official upload templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// 1, *texto corto*.
    ShortText,
    /// 2, *texto largo*.
    LongText,
    /// 3, *número*.
    Number,
    /// 4, *fecha*.
    Date,
    /// 5, *hora*.
    Time,
    /// 6, *moneda*.
    Money,
    /// 7, *hipervínculo*.
    Hyperlink,
    /// 8, *archivo*.
    File,
    /// 9, *catálogo*: one of [`Column::catalogue`].
    Catalogue,
    /// 10, *tabla*: the id of rows of a child table.
    Child,
    /// 11, *separador*.
    Separator,
    /// 12, *año*.
    Year,
    /// 13, *fecha de actualización*.
    UpdateDate,
    /// 14, *nota*.
    Note,
}

/// What a column says of every record, whatever the format: the fixed head and tail of the official layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// *Ejercicio*.
    FiscalYear,
    /// *Fecha de inicio del periodo que se informa*.
    PeriodStart,
    /// *Fecha de término del periodo que se informa*.
    PeriodEnd,
    /// *Área(s) responsable(s)…*.
    Area,
    /// *Fecha de validación*.
    Validated,
    /// *Fecha de actualización*.
    Updated,
    /// *Nota*.
    Note,
    /// What the format itself is about.
    Own,
}

/// One column of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Header as the layout prints it.
    pub label: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// What it says of every record.
    pub role: ColumnRole,
    /// Values allowed, for [`ColumnKind::Catalogue`]; empty when they are not known.
    pub catalogue: Vec<String>,
    /// Which of [`Format::children`] it points to, for [`ColumnKind::Child`].
    pub child: Option<usize>,
    /// Whether a record needs a value there: false for notes and for what the header itself makes conditional ("en su caso").
    pub required: bool,
}

/// A table whose rows hang from rows of the main one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildTable {
    /// Name within the format; the sheets' own numbers differ from state to state.
    pub name: String,
    /// Columns, `ID` first.
    pub columns: Vec<Column>,
}

/// A layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// Unique, e.g. `ltg2018-70.II.a`.
    pub id: String,
    /// Edition of the guidelines, e.g. `LTG 2018`.
    pub edition: String,
    /// Title, in Spanish.
    pub title: String,
    /// Short name, in Spanish.
    pub short_name: String,
    /// Other titles that it goes by, such as those of later editions.
    pub titles: Vec<String>,
    /// `MX`, or the state whose platform it was read on when it differs from the general one: `MX-PUE`.
    pub jurisdiction: String,
    /// Obligations that it serves, in the pack that names them; later packs reach it by lineage.
    pub obligations: Vec<Lineage>,
    /// Columns in order; empty where only the title is known.
    pub columns: Vec<Column>,
    /// Child tables.
    pub children: Vec<ChildTable>,
    /// Whether the list of columns is known to be whole.
    pub whole: bool,
    /// Where the facts come from.
    pub sources: Vec<SourceFact>,
}
