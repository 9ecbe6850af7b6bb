//! Cells against what their column holds: dates, numbers, years, hours, catalogues, addresses; and what no cell should hold.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::check::cell::is_nothing;
use crate::model::{Column, ColumnKind, ColumnRole, ProblemKind, problem};
use crate::text::fold;

use super::link::{LinkCell, link};
use super::own;
use super::told::{Say, Told};
use super::value::{DateCell, NumberCell, YearCell, date, is_time, number, year};
use super::view::{Table, View};

/// Earliest year of a period, update or validation: the first federal law on transparency is of 2002.
const FIRST_YEAR: i16 = 2002;
/// Earliest year of any date; 1900 and before is what a spreadsheet makes of a small number.
const EARLIEST: i16 = 1901;
/// Latest year of any date.
const LATEST: i16 = 2100;
/// Values of a catalogue that are listed when none is near.
const LISTED: usize = 6;
/// How near a catalogue's value must be to be proposed.
const NEAR: f64 = 0.6;

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    table(view, &view.main, told);
    for child in view.children.values() {
        table(view, &child.table, told);
    }
}

fn table(view: &View<'_>, table: &Table<'_>, told: &mut Told) {
    let catalogues = own::catalogues(view.workbook, table.sheet, table.header_row);
    for (n, _) in table.present() {
        let allowed = Allowed::of(table, n, catalogues.iter().find(|(at, _)| Some(*at) == table.at[n]));
        for &row in &table.rows {
            let text = table.text(row, n);
            if text.is_empty() || view.filled.is_empty() && is_placeholder(text) {
                continue;
            }
            if let Some((kind, say)) = judged(view, table, (row, n), &allowed) {
                told.cell(&kind, table, (row, n), say);
            }
        }
    }
}

type Judged = Option<(ProblemKind, Say)>;

fn judged(view: &View<'_>, table: &Table<'_>, (row, n): (usize, usize), allowed: &Allowed<'_>) -> Judged {
    let column = &table.columns[n];
    let text = table.text(row, n);
    if is_formula_error(text) {
        let say = Say::new("La celda muestra un error de fórmula.", text, "El valor");
        return Some((problem::FORMULA_ERROR, say));
    }
    if is_placeholder(text) {
        let say = Say::new(
            "La celda conserva un texto de relleno.",
            text,
            "El dato, o la celda vacía",
        );
        return Some((problem::PLACEHOLDER, say));
    }
    // What is filled only "en su caso" may say that there is none.
    if !column.required && column.role == ColumnRole::Own && is_nothing(&fold(text)) {
        return None;
    }
    if column.role == ColumnRole::FiscalYear || column.kind == ColumnKind::Year {
        return of_year(view, text);
    }
    match column.kind {
        ColumnKind::Date | ColumnKind::UpdateDate => of_date(column, text),
        ColumnKind::Number | ColumnKind::Money => of_number(text),
        ColumnKind::Time => {
            let say = || Say::new("No es una hora.", text, "hh:mm");
            (!is_time(text)).then(|| (problem::NOT_A_TIME, say()))
        }
        ColumnKind::Catalogue => allowed.judge(text),
        ColumnKind::Hyperlink => of_link(view, table, (row, n)),
        _ => None,
    }
}

fn of_year(view: &View<'_>, text: &str) -> Judged {
    let fine = match year(text) {
        YearCell::Year(y) => is_sane_year(y, view.asked.on),
        YearCell::Several => true,
        YearCell::Other => false,
    };
    (!fine).then(|| {
        let say = Say::new("No es el año de un ejercicio.", text, "Un año de cuatro cifras");
        (problem::NOT_A_YEAR, say)
    })
}

/// Whether a fiscal year can be one: budgets of the next are published in this.
pub(super) fn is_sane_year(year: i16, on: Option<Date>) -> bool {
    (FIRST_YEAR..=on.map_or(LATEST, |on| on.year() + 1)).contains(&year)
}

fn of_date(column: &Column, text: &str) -> Judged {
    const AS_ASKED: &str = "dd/mm/aaaa";
    let found = date(text);
    let (kind, message) = match found {
        DateCell::Impossible => (problem::IMPOSSIBLE_DATE, "Esa fecha no existe en el calendario."),
        DateCell::Other => (problem::NOT_A_DATE, "No es una fecha."),
        _ if found.date().is_some_and(|d| is_absurd(column, d)) => {
            (problem::ABSURD_DATE, "El año de la fecha no puede ser.")
        }
        DateCell::Worded(_) => (
            problem::DATE_AS_TEXT,
            "La fecha no está escrita como día/mes/año con cuatro cifras.",
        ),
        DateCell::Serial(_) => (
            problem::DATE_AS_NUMBER,
            "La celda muestra un número: le falta el formato de fecha.",
        ),
        DateCell::Proper(_) => return None,
    };
    let expected = match found {
        DateCell::Worded(d) | DateCell::Serial(d) => d.strftime("%d/%m/%Y").to_string(),
        _ => AS_ASKED.to_owned(),
    };
    Some((kind, Say::new(message, text, expected)))
}

fn is_absurd(column: &Column, date: Date) -> bool {
    let earliest = if column.role == ColumnRole::Own {
        EARLIEST
    } else {
        FIRST_YEAR
    };
    !(earliest..=LATEST).contains(&date.year())
}

fn of_number(text: &str) -> Judged {
    match number(text) {
        NumberCell::Plain(_) => None,
        NumberCell::Dressed(_, mended) => {
            let say = Say::new("El número lleva signos o separadores.", text, mended);
            Some((problem::NUMBER_AS_TEXT, say))
        }
        NumberCell::Comma(_, mended) => {
            let say = Say::new("El número lleva coma decimal.", text, mended);
            Some((problem::DECIMAL_COMMA, say))
        }
        NumberCell::Text => {
            let say = Say::new("Hay texto en una columna de números.", text, "Un número");
            Some((problem::NOT_A_NUMBER, say))
        }
    }
}

fn of_link(view: &View<'_>, table: &Table<'_>, (row, n): (usize, usize)) -> Judged {
    let text = table.text(row, n);
    if table.carried(row, n).is_some() {
        return None;
    }
    let (kind, message, expected) = match link(text) {
        LinkCell::Links(_) => return None,
        LinkCell::Nothing if table.sheet_index == view.main.sheet_index && view.note_of(row).is_some() => return None,
        LinkCell::Nothing => (
            problem::NO_LINK_GIVEN,
            "La celda dice que no hay enlace, sin nota que lo explique.",
            "Una dirección, o la celda vacía y una nota".to_owned(),
        ),
        LinkCell::Spaced(mended) => (problem::URL_WITH_SPACES, "La dirección lleva espacios.", mended),
        LinkCell::NoScheme => (
            problem::URL_WITHOUT_SCHEME,
            "A la dirección le falta el principio.",
            format!("https://{text}"),
        ),
        LinkCell::Private => (
            problem::PRIVATE_URL,
            "La dirección sólo se abre dentro de una red privada.",
            "Una dirección pública".to_owned(),
        ),
        LinkCell::Local => (
            problem::LOCAL_PATH,
            "Es la ruta de un archivo en una computadora: nadie más puede abrirla.",
            "Una dirección que empieza con https://".to_owned(),
        ),
        LinkCell::File => (
            problem::FILE_NAME,
            "Es el nombre de un archivo: no dice en qué dirección está.",
            "Una dirección que empieza con https://".to_owned(),
        ),
        LinkCell::Other => (
            problem::NOT_A_URL,
            "No es una dirección de Internet.",
            "Una dirección que empieza con https://".to_owned(),
        ),
    };
    Some((kind, Say::new(message, text, expected)))
}

/// Addresses in hyperlink columns: of the text, else those that the cell carries.
pub(super) fn links(view: &View<'_>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let tables = std::iter::once(&view.main).chain(view.children.values().map(|c| &c.table));
    for table in tables {
        let columns: Vec<usize> = table
            .present()
            .filter(|(_, c)| c.kind == ColumnKind::Hyperlink)
            .map(|(n, _)| n)
            .collect();
        for &row in &table.rows {
            for &n in &columns {
                let text = table.text(row, n);
                let found = match link(text) {
                    LinkCell::Links(urls) => urls,
                    LinkCell::Spaced(url) => vec![url],
                    _ => table.carried(row, n).map(str::to_owned).into_iter().collect(),
                };
                let place = format!("{}!{}", table.sheet.name, table.address(row, n));
                out.extend(found.into_iter().map(|url| (place.clone(), url)));
            }
        }
    }
    out
}

/// Values of a catalogue, as they are compared.
struct Allowed<'a> {
    values: &'a [String],
    folded: BTreeSet<String>,
}

impl<'a> Allowed<'a> {
    /// Those of the layout, and those that the template brings along: a state may have added its own.
    ///
    /// None where a template pairs a column with a catalogue that is not its own: the header names none, and no cell has a
    /// value of it.
    fn of(table: &Table<'a>, n: usize, brought: Option<&'a (usize, Vec<String>)>) -> Self {
        let none = Self {
            values: &[],
            folded: BTreeSet::new(),
        };
        let column = &table.columns[n];
        if column.kind != ColumnKind::Catalogue {
            return none;
        }
        let brought = brought.map_or(&[][..], |(_, values)| values);
        let own = Self {
            values: if brought.is_empty() { &column.catalogue } else { brought },
            folded: column.catalogue.iter().chain(brought).map(|v| fold(v)).collect(),
        };
        let met = || table.rows.iter().any(|&r| own.folded.contains(&fold(table.text(r, n))));
        if fold(&column.label).contains("catalogo") || met() {
            own
        } else {
            none
        }
    }

    fn judge(&self, text: &str) -> Judged {
        let own = fold(text);
        if self.values.is_empty() || self.folded.contains(&own) {
            return None;
        }
        let near = self
            .values
            .iter()
            .map(|v| (strsim::normalized_levenshtein(&fold(v), &own), v))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(nearness, _)| *nearness >= NEAR);
        let listed = || {
            let first: Vec<String> = self.values.iter().take(LISTED).map(|v| format!("«{v}»")).collect();
            let more = if self.values.len() > LISTED { "…" } else { "" };
            format!("{}{more}", first.join(", "))
        };
        let expected = near.map_or_else(listed, |(_, value)| format!("«{value}»"));
        let say = Say::new("El valor no está en el catálogo de la columna.", text, expected);
        Some((problem::NOT_IN_CATALOGUE, say))
    }
}

fn is_formula_error(text: &str) -> bool {
    matches!(
        text,
        "#REF!"
            | "#VALUE!"
            | "#¡VALOR!"
            | "#DIV/0!"
            | "#¡DIV/0!"
            | "#NAME?"
            | "#¿NOMBRE?"
            | "#N/A"
            | "#NUM!"
            | "#¡NUM!"
            | "#NULL!"
            | "#¡REF!"
    )
}

/// Texts that stand for data that never came. Only what nothing else can mean.
pub(super) fn is_placeholder(text: &str) -> bool {
    let folded = fold(text);
    let crosses = folded.len() >= 3 && folded.bytes().all(|b| b == b'x');
    crosses
        || folded.starts_with("colocar el id")
        || folded.starts_with("lorem ipsum")
        || matches!(
            folded.as_str(),
            "prueba"
                | "pruebas"
                | "test"
                | "asdf"
                | "texto de ejemplo"
                | "texto de prueba"
                | "dd mm aaaa"
                | "escriba aqui"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sure_placeholders_are_placeholders() {
        for text in [
            "xxx",
            "XXXX",
            "Prueba",
            "Colocar el ID de los registros de la Tabla_1",
            "Lorem ipsum dolor",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["XX", "Prueba de laboratorio", "Pruébelo", "Examen", "x", ""] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
