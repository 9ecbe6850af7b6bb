//! Which municipality a text names, by the pattern of the words ("Municipio de …", "H. Ayuntamiento Constitucional de …"). There is no
//! roster here: what is read is compared with the subject's own name by who knows it.

use super::fold::fold;
use super::token::{Token, tokens, touch};

/// Federal entities, folded, as they follow a municipality's name.
const STATES: [&str; 38] = [
    "aguascalientes",
    "baja california",
    "baja california sur",
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
    "mexico",
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
    "estado de mexico",
    "jal",
    "mich",
    "gro",
    "hgo",
    "gto",
];

/// Words that a name of a place goes on with after a connecting word or begins with; a state's name after them is part of it ("Villa
/// Hidalgo", "San Miguel de Oaxaca").
const GENERIC: [&str; 14] = [
    "villa", "ciudad", "nuevo", "nueva", "doctor", "general", "san", "santa", "santo", "puerto", "valle", "pueblo",
    "de", "del",
];

/// Words that stand inside names.
const INSIDE: [&str; 8] = ["de", "del", "la", "las", "los", "el", "y", "lo"];

/// Most words of a name; the longest official ones have fewer.
const LONGEST: usize = 8;

/// The municipalities that a text names, folded, in the order found, without repetition.
#[must_use]
pub fn municipalities(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut out: Vec<String> = Vec::new();
    for here in 0..tokens.len() {
        if let Some(start) = head(&tokens, here)
            && let Some(name) = name(text, &tokens[start..])
            && !out.contains(&name)
        {
            out.push(name);
        }
    }
    out
}

/// The municipality that a text names first.
#[must_use]
pub fn municipality(text: &str) -> Option<String> {
    municipalities(text).into_iter().next()
}

/// Whether a name read from a text may be that of a subject ("León" and "León de los Aldama", "Ayuntamiento de León").
#[must_use]
pub fn same(read: &str, subject: &str) -> bool {
    let subject = format!(" {} ", fold(subject));
    let read = fold(read);
    !read.is_empty() && (subject.contains(&format!(" {read} ")) || format!(" {read} ").contains(subject.as_str()))
}

/// The token after words that lead to a municipality's name.
fn head(tokens: &[Token], here: usize) -> Option<usize> {
    let word = |n: usize| tokens.get(n).and_then(Token::word);
    let mut next = here + 1;
    match word(here)? {
        "municipio" if word(next) == Some("libre") => next += 1,
        "municipio" => {}
        "ayuntamiento" => {
            while matches!(word(next), Some("constitucional" | "municipal" | "libre")) {
                next += 1;
            }
        }
        "municipal" if seat_before(tokens, here) => {}
        _ => return None,
    }
    let lead = word(next)?;
    // "Ayuntamiento del Municipio de …" is read at its own word.
    (matches!(lead, "de" | "del") && word(next + 1) != Some("municipio")).then_some(next + usize::from(lead == "de"))
}

/// Whether "municipal" belongs to a body or office that a municipality's name follows.
fn seat_before(tokens: &[Token], here: usize) -> bool {
    const SEATS: [&str; 10] = [
        "presidencia",
        "presidente",
        "presidenta",
        "gobierno",
        "tesoreria",
        "tesorero",
        "tesorera",
        "contraloria",
        "cabildo",
        "dif",
    ];
    here.checked_sub(1)
        .and_then(|n| tokens[n].word())
        .is_some_and(|w| SEATS.contains(&w))
}

/// The name at the start of the tokens: capitalised words and what connects them, up to a sign, a state, or other words.
fn name(text: &str, tokens: &[Token]) -> Option<String> {
    // "del" is part of a name only before a noun of it ("Municipio del Centro").
    let tokens = match tokens.first()?.word()? {
        "del" => &tokens[1..],
        _ => tokens,
    };
    let mut words: Vec<&str> = Vec::new();
    // Words as far as they surely belong.
    let mut sure = 0;
    for (n, token) in tokens.iter().take(LONGEST + 1).enumerate() {
        let Some(word) = token.word().filter(|_| n == 0 || one_line(text, &tokens[n - 1], token)) else {
            break;
        };
        let capital = text[token.range.clone()].starts_with(char::is_uppercase);
        if STOPS.contains(&word) || ends_with_state(&words, &tokens[n..]) {
            break;
        }
        let inside = INSIDE.contains(&word);
        if !capital && (!inside || n == 0 && !matches!(word, "la" | "el" | "los" | "las")) {
            break;
        }
        words.push(word);
        if !inside {
            sure = words.len();
        }
        let abuts = tokens
            .get(n + 1)
            .is_some_and(|next| touch(token, next) && next.sign().is_none());
        if abuts {
            break;
        }
    }
    words.truncate(sure);
    // "San" and a line's end, or an initial, are no name.
    let last = words.last().filter(|last| !GENERIC.contains(last) && last.len() > 1);
    last.is_some().then(|| words.join(" "))
}

/// Words that end a name even when all is in capitals.
const STOPS: [&str; 37] = [
    "estado",
    "para",
    "por",
    "en",
    "que",
    "con",
    "a",
    "al",
    "correspondiente",
    "ejercicio",
    "periodo",
    "trimestre",
    "durante",
    "presente",
    "administracion",
    "ano",
    "informe",
    "se",
    "es",
    "no",
    "su",
    "sus",
    "como",
    "sobre",
    "direccion",
    "presupuesto",
    "reglamento",
    "plan",
    "cuenta",
    "estados",
    "e",
    "o",
    "referencia",
    "municipio",
    "municipios",
    "ayuntamiento",
    "h",
];

/// Whether a state's name stands here and what was read before it is a name already.
fn ends_with_state(words: &[&str], rest: &[Token]) -> bool {
    let Some(last) = words.last() else { return false };
    if GENERIC.contains(last) {
        return false;
    }
    STATES.iter().any(|state| {
        state
            .split(' ')
            .enumerate()
            .all(|(n, part)| rest.get(n).and_then(Token::word) == Some(part))
    })
}

/// Whether two tokens stand on one line with only spaces between.
fn one_line(text: &str, before: &Token, after: &Token) -> bool {
    let between = &text[before.range.end..after.range.start];
    !between.contains('\n') && between.chars().count() <= 3
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_municipalities_as_texts_write_them() {
        for (text, want) in [
            ("Municipio de Zamora Michoacán", "zamora"),
            ("MUNICIPIO DE ZAMORA, MICHOACÁN", "zamora"),
            ("H. Ayuntamiento de León, Guanajuato", "leon"),
            (
                "H. Ayuntamiento Constitucional de San Miguel de Allende",
                "san miguel de allende",
            ),
            ("Ayuntamiento del Municipio de Valle de Bravo", "valle de bravo"),
            ("El municipio de La Paz informa que no generó información", "la paz"),
            ("municipio de Oaxaca de Juárez", "oaxaca de juarez"),
            ("Municipio de Puebla", "puebla"),
            ("Municipio de Villa Hidalgo, Sonora", "villa hidalgo"),
            ("Municipio del Centro, Tabasco", "centro"),
            ("Presidencia Municipal de Celaya para el ejercicio 2019", "celaya"),
            ("MUNICIPIO DE CELAYA ESTADO DE GUANAJUATO", "celaya"),
            ("MUNICIPIO DE CELAYA PARA EL EJERCICIO", "celaya"),
            ("Municipio de Celaya\nEstados Financieros", "celaya"),
            ("Municipio Libre de Ecatepec de Morelos", "ecatepec de morelos"),
        ] {
            assert_eq!(municipality(text).as_deref(), Some(want), "{text}");
        }
        assert_eq!(
            municipalities("Municipio de Zamora y Municipio de Jacona; el municipio de Zamora"),
            ["zamora", "jacona"]
        );
    }

    #[test]
    fn other_words_after_municipality_name_none() {
        for text in [
            "",
            "el municipio de referencia",
            "Municipio de",
            "los bienes del municipio",
            "Instituto Municipal de la Mujer",
            "Plan Municipal de Desarrollo",
            "Sistema Municipal de Agua Potable",
            "municipio de 25 habitantes",
            "ayuntamiento de que se trate",
        ] {
            assert_eq!(municipality(text), None, "{text}");
        }
    }

    #[test]
    fn a_short_and_a_long_name_are_the_same_and_others_are_not() {
        assert!(same("leon", "León"));
        assert!(same("leon de los aldama", "León"));
        assert!(same("leon", "Ayuntamiento de León"));
        assert!(!same("zamora", "León"));
        assert!(!same("", "León"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(Municipio |ayuntamiento |de |del |la |San |Pedro|, |\\PC){0,20}") {
            for name in municipalities(&text) {
                prop_assert!(!name.is_empty() && !name.ends_with(" de"));
            }
        }
    }
}
