//! Notes that were copied from another municipality. Told only when sure: the note names a municipality in full ("Municipio
//! de X, Estado"), and neither the subject nor the rest of the file shares a word with that name.

use std::collections::BTreeSet;

use crate::model::{ColumnRole, problem};
use crate::text::fold;

use super::told::{Say, Told};
use super::view::View;

/// What a name of a municipality follows.
const BEFORE: &[&str] = &[
    "municipio de ",
    "ayuntamiento de ",
    "ayuntamiento constitucional de ",
    "municipal de ",
];
/// States of Mexico, folded: what a name is followed by when it is written in full.
const STATES: &[&str] = &[
    "aguascalientes",
    "baja california",
    "campeche",
    "chiapas",
    "chihuahua",
    "ciudad de mexico",
    "coahuila",
    "colima",
    "durango",
    "guanajuato",
    "guerrero",
    "hidalgo",
    "jalisco",
    "estado de mexico",
    "michoacan",
    "morelos",
    "nayarit",
    "nuevo leon",
    "oaxaca",
    "puebla",
    "queretaro",
    "quintana roo",
    "san luis potosi",
    "sinaloa",
    "sonora",
    "tabasco",
    "tamaulipas",
    "tlaxcala",
    "veracruz",
    "yucatan",
    "zacatecas",
];
/// Words of names that many municipalities share.
const COMMON: &[&str] = &[
    "de", "del", "la", "las", "los", "el", "y", "san", "santa", "santo", "villa", "ciudad", "nuevo", "nueva", "puerto",
    "valle", "rio", "h", "mexico",
];
/// Words of a note that speaks of dealings with others.
const DEALINGS: &[&str] = &[
    "convenio",
    "convenios",
    "colaboracion",
    "coordinacion",
    "intermunicipal",
    "juicio",
    "demanda",
];
/// Words of subjects that are no municipality: these may well speak of several.
const OTHER_BODIES: &[&str] = &[
    "secretaria",
    "instituto",
    "comision",
    "universidad",
    "congreso",
    "tribunal",
    "fiscalia",
    "patronato",
    "poder",
    "consejo",
    "junta",
    "sistema",
    "colegio",
    "fideicomiso",
    "auditoria",
];
/// Most words of a name.
const LONGEST: usize = 6;

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    let Some(column) = view.role(ColumnRole::Note) else {
        return;
    };
    let mut known: Option<Option<BTreeSet<String>>> = None;
    for &row in &view.main.rows {
        let text = view.main.text(row, column);
        let Some(name) = named(text) else { continue };
        let known = known.get_or_insert_with(|| own_words(view, column));
        let Some(known) = known else { return };
        if words(&name).iter().any(|w| known.contains(w)) {
            continue;
        }
        let expected = view
            .asked
            .subject_name
            .map_or_else(|| "El nombre propio".to_owned(), str::to_owned);
        let seen = format!("municipio de {}", capitalised(&name));
        let say = Say::new(
            "La nota nombra a un municipio que no es el del archivo.",
            &seen,
            expected,
        );
        told.cell(&problem::OTHER_MUNICIPALITY, &view.main, (row, column), say);
    }
}

/// Words of the subject's own name and of the municipalities that the rest of the file names; `None` when neither says
/// whose the file is.
fn own_words(view: &View<'_>, note: usize) -> Option<BTreeSet<String>> {
    let mut out = BTreeSet::new();
    if let Some(subject) = view.asked.subject_name {
        let folded = fold(subject);
        if folded.split(' ').any(|w| OTHER_BODIES.contains(&w)) {
            return None;
        }
        out.extend(words(&folded));
    }
    for &row in &view.main.rows {
        for (n, _) in view.main.present().filter(|(n, _)| *n != note) {
            if let Some(name) = named(view.main.text(row, n)) {
                out.extend(words(&name));
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

/// A folded name with capitals; the words that only join stay small.
fn capitalised(name: &str) -> String {
    name.split(' ')
        .map(|w| match w {
            "de" | "del" | "la" | "las" | "los" | "el" | "y" => w.to_owned(),
            _ => {
                let mut letters = w.chars();
                let first = letters.next().map(|c| c.to_uppercase().to_string());
                first.unwrap_or_default() + letters.as_str()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Words of a folded name that tell it from others.
fn words(name: &str) -> Vec<String> {
    name.split(' ')
        .filter(|w| w.len() > 2 && !COMMON.contains(w))
        .map(str::to_owned)
        .collect()
}

/// The municipality that a text names in full, folded: what stands between "municipio de" and the state.
fn named(text: &str) -> Option<String> {
    let folded = fold(text);
    if folded.split(' ').any(|w| DEALINGS.contains(&w)) {
        return None;
    }
    let from = BEFORE
        .iter()
        .filter_map(|b| folded.find(b).map(|at| at + b.len()))
        .min()?;
    let rest = &folded[from..];
    let end = STATES
        .iter()
        .flat_map(|state| [format!(" {state}"), format!(" estado de {state}")])
        .filter_map(|mark| {
            let at = rest.find(&mark)?;
            let whole = rest[at + mark.len()..].chars().next().is_none_or(|c| c == ' ');
            whole.then_some(at)
        })
        .min()?;
    let name = rest[..end].trim();
    let few = name.split(' ').count() <= LONGEST;
    // A sentence that goes on is no name.
    let plain = !name
        .split(' ')
        .any(|w| matches!(w, "que" | "no" | "se" | "en" | "a" | "con" | "por" | "para" | "su"));
    (few && plain && !words(name).is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_only_when_it_is_in_full() {
        assert_eq!(
            named("No se tuvo transferencia al Municipio de Villarreal Michoacán.").as_deref(),
            Some("villarreal")
        );
        assert_eq!(
            named("EL AYUNTAMIENTO DE SAN BLAS NUEVO, JALISCO").as_deref(),
            Some("san blas nuevo")
        );
        for text in [
            "El municipio de acuerdo a la ley no genera",
            "Convenio con el Municipio de Villarreal, Michoacán",
            "El municipio de Villarreal no generó información",
            "El municipio de conformidad con lo que se dice en Jalisco",
            "",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
