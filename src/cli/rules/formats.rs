//! Formats as `veedor rules list formats` and `veedor rules show FORMAT` print them.

use std::fmt::Write;

use super::sources;
use crate::model::{Column, ColumnKind, Format};

/// Longest catalogue that is printed in full.
const FEW: usize = 12;

/// One line a format.
pub(super) fn list(formats: &[Format]) -> String {
    let width = formats.iter().map(|f| f.id.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for f in formats {
        let columns = match (f.columns.len(), f.whole) {
            (0, _) => "sólo título".to_owned(),
            (n, true) => format!("{n} columnas"),
            (n, false) => format!("{n} columnas, lista no confirmada"),
        };
        let _ = writeln!(text, "{:<width$}  {} ({columns})", f.id, f.title);
    }
    text
}

/// A format with its columns as a table.
pub(super) fn show(f: &Format) -> String {
    let mut text = format!("{} — {}\n\n", f.id, f.title);
    let obligations: Vec<String> = f.obligations.iter().map(|o| format!("{}:{}", o.pack, o.id)).collect();
    for (name, value) in [
        ("Edición", f.edition.clone()),
        ("Nombre corto", f.short_name.clone()),
        ("Otros títulos", f.titles.join("; ")),
        ("Ámbito", f.jurisdiction.clone()),
        ("Obligaciones", obligations.join(", ")),
    ] {
        if !value.is_empty() {
            let _ = writeln!(text, "{name}: {value}");
        }
    }
    if f.columns.is_empty() {
        text.push_str("Columnas: no se conocen\n");
    } else {
        let doubt = if f.whole { "" } else { " (lista no confirmada)" };
        let _ = writeln!(text, "\nColumnas{doubt}:");
        table(&mut text, f, &f.columns);
    }
    for child in &f.children {
        let _ = writeln!(text, "\nTabla hija «{}»:", child.name);
        table(&mut text, f, &child.columns);
    }
    let _ = write!(text, "\n{}", sources(&f.sources));
    text
}

fn table(text: &mut String, format: &Format, columns: &[Column]) {
    for (n, c) in columns.iter().enumerate() {
        let required = if c.required { "obligatoria" } else { "opcional" };
        let _ = writeln!(text, "{:>4}  {:<14} {required:<11}  {}", n + 1, kind(c.kind), c.label);
        if !c.catalogue.is_empty() {
            let more = c.catalogue.len().saturating_sub(FEW);
            let values = c.catalogue.iter().take(FEW).map(String::as_str).collect::<Vec<_>>();
            let rest = if more > 0 {
                format!(" … y {more} más")
            } else {
                String::new()
            };
            let _ = writeln!(text, "{:34}valores: {}{rest}", "", values.join(" | "));
        }
        if let Some(child) = c.child.and_then(|n| format.children.get(n)) {
            let _ = writeln!(text, "{:34}tabla hija: {}", "", child.name);
        }
    }
}

fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::ShortText => "texto corto",
        ColumnKind::LongText => "texto largo",
        ColumnKind::Number => "número",
        ColumnKind::Date => "fecha",
        ColumnKind::Time => "hora",
        ColumnKind::Money => "moneda",
        ColumnKind::Hyperlink => "hipervínculo",
        ColumnKind::File => "archivo",
        ColumnKind::Catalogue => "catálogo",
        ColumnKind::Child => "tabla",
        ColumnKind::Separator => "separador",
        ColumnKind::Year => "año",
        ColumnKind::UpdateDate => "actualización",
        ColumnKind::Note => "nota",
    }
}
