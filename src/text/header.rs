//! Column headers made comparable: what states, editions and downloads add to a header falls, so that the same column reads the same.

use super::fold;

/// Opening of the notes that the platform puts before a header whose criterion changed:
/// "ESTE CRITERIO APLICA A PARTIR DEL 01/04/2023 -> Sexo (catálogo)".
const TRANSITION: &str = "este criterio aplica";
/// Words that a header ends with and that say nothing of its column.
const ENDINGS: &[&str] = &[
    "catalogo",
    "tabla",
    "dia mes ano",
    "dd mm aaaa",
    "dd mm aaa a",
    "dd mm aa aa",
];

/// A header folded (`text::fold`), without `(catálogo)`, `Tabla_123456`, `(día/mes/año)` and transition notes; empty when nothing is
/// left.
#[must_use]
pub fn header(text: &str) -> String {
    let mut folded = fold(text);
    if folded.starts_with(TRANSITION)
        && let Some((_, after)) = text.rsplit_once("->")
    {
        folded = fold(after);
    }
    let mut rest = folded.as_str();
    loop {
        let before = rest;
        if let Some((first, last)) = rest.rsplit_once(' ')
            && last.len() >= 4
            && last.bytes().all(|b| b.is_ascii_digit())
            && (first == "tabla" || first.ends_with(" tabla"))
        {
            rest = first;
        }
        for ending in ENDINGS {
            if let Some(shorter) = rest.strip_suffix(ending)
                && shorter.ends_with(' ')
            {
                rest = shorter.trim_end();
            }
        }
        if rest == before {
            break;
        }
    }
    let length = rest.len();
    folded.truncate(length);
    folded
}

/// The number of the child table that a header names: "… Tabla_512813" → `512813`.
#[must_use]
pub fn child_number(text: &str) -> Option<&str> {
    let at = text
        .rfind("abla_")
        .or_else(|| text.rfind("abla "))
        .or_else(|| text.rfind("ABLA_"))?;
    let rest = &text[at + 5..];
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    (end >= 4).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_platforms_add_falls() {
        assert_eq!(header("Sexo (catálogo)"), "sexo");
        assert_eq!(
            header("ESTE CRITERIO APLICA A PARTIR DEL 01/04/2023 -> Sexo (catálogo)"),
            "sexo"
        );
        assert_eq!(
            header("Personas físicas con proposición u oferta \nTabla_514782"),
            "personas fisicas con proposicion u oferta"
        );
        assert_eq!(
            header("Fecha de inicio del periodo que se informa (día/mes/año)"),
            header(" FECHA DE INICIO DEL PERIODO QUE SE INFORMA")
        );
        assert_eq!(
            header("PERCEPCIONES ADICIONALES EN DINERO  MONTO BRUTO Y NETO (TABLA)"),
            header("Percepciones adicionales en dinero, monto bruto y neto")
        );
    }

    #[test]
    fn words_of_the_column_itself_stay() {
        assert_eq!(header("Catálogo"), "catalogo");
        assert_eq!(header("Tabla de aplicabilidad"), "tabla de aplicabilidad");
        assert_eq!(
            header("Hipervínculo al catálogo de 2019"),
            "hipervinculo al catalogo de 2019"
        );
    }

    #[test]
    fn a_child_table_is_known_by_its_number() {
        assert_eq!(child_number("Dietas \nTabla_512918"), Some("512918"));
        assert_eq!(child_number("Tabla 227037"), Some("227037"));
        assert_eq!(child_number("Tabla_1"), None);
        assert_eq!(child_number("Nota"), None);
    }
}
