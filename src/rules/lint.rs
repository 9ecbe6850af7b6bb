//! What can only be seen across obligations and packs.

use std::collections::BTreeMap;

use crate::model::Pack;
use crate::text::stems;

use super::{Diagnostic, Severity};

/// Lineage that leads nowhere, and labels that say two obligations.
pub(super) fn across(packs: &[Pack], texts: &[(&str, &str)], found: &mut Vec<Diagnostic>) {
    for pack in packs {
        let Some((file, text)) = texts.iter().find(|(_, t)| mentions(t, "pack:", &pack.id)) else {
            continue;
        };
        for obligation in &pack.obligations {
            for lineage in &obligation.continues {
                let known = packs.iter().find(|p| p.id == lineage.pack);
                if known.is_none_or(|p| p.obligations.iter().all(|o| o.id != lineage.id)) {
                    let full = format!("{}:{}", lineage.pack, lineage.id);
                    let help = known.map_or_else(
                        || format!("No hay paquete «{}».", lineage.pack),
                        |p| format!("El paquete «{}» no tiene la obligación «{}».", p.id, lineage.id),
                    );
                    found.push(at(
                        Severity::Error,
                        file,
                        text,
                        &full,
                        format!("«{}» continúa a «{full}», que no existe", obligation.id),
                        help,
                    ));
                }
            }
        }
        labels(pack, file, text, found);
    }
}

/// The same words for two obligations: neither could be told.
fn labels(pack: &Pack, file: &str, text: &str, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<Vec<String>, (&str, &str)> = BTreeMap::new();
    for obligation in &pack.obligations {
        for label in &obligation.labels {
            let mut words = stems(&label.text);
            words.sort();
            if words.is_empty() {
                found.push(at(
                    Severity::Warning,
                    file,
                    text,
                    &label.text,
                    format!(
                        "el rótulo «{}» de {} no tiene ninguna palabra propia",
                        label.text, obligation.id
                    ),
                    "Agregue la palabra que lo distingue.".to_owned(),
                ));
                continue;
            }
            match seen.get(&words) {
                Some((other, first)) if *other != obligation.id => found.push(at(
                    Severity::Warning,
                    file,
                    text,
                    &label.text,
                    format!(
                        "«{}» ({}) y «{first}» ({other}) dicen lo mismo",
                        label.text, obligation.id
                    ),
                    "Déjelo en una sola obligación, o hágalos más precisos.".to_owned(),
                )),
                _ => {
                    seen.insert(words, (&obligation.id, &label.text));
                }
            }
        }
    }
}

fn mentions(text: &str, key: &str, value: &str) -> bool {
    text.lines().any(|l| {
        l.strip_prefix(key)
            .is_some_and(|rest| rest.trim().trim_matches('"') == value)
    })
}

/// A problem at the first line that holds some words.
fn at(severity: Severity, file: &str, text: &str, words: &str, message: String, help: String) -> Diagnostic {
    let place = text
        .lines()
        .enumerate()
        .find_map(|(n, l)| l.find(words).map(|c| (n + 1, l[..c].chars().count() + 1, l)));
    let (line, column, excerpt) = place.unwrap_or((0, 0, ""));
    Diagnostic {
        severity,
        file: file.to_owned(),
        line,
        column,
        message,
        help,
        excerpt: excerpt.to_owned(),
    }
}
