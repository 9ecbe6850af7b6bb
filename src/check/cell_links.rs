//! Do the links inside the tables lead to something? Those of other hosts were not asked and decide nothing.

use std::collections::BTreeSet;

use crate::locate::Target;
use crate::model::{CriterionKind, Document, LinkOrigin, Outcome};

use super::opens::TOLERATED;
use super::{Case, Judgement, Judging, Pointer};

/// Documents of the portal that the tables of an obligation lead to, alive.
pub fn linked<'c>(case: &'c Case<'_>) -> impl Iterator<Item = usize> + 'c {
    targets(case).filter_map(|(_, target, _)| match target {
        Target::Document(i) => Some(i),
        _ => None,
    })
}

/// Where each hyperlink of the tables leads: the table's capture, the target, its words.
fn targets<'c>(case: &'c Case<'_>) -> impl Iterator<Item = (usize, Target, &'c str)> + 'c {
    case.working()
        .filter_map(|p| Some((p.capture?, case.site.document(p.capture?)?)))
        .filter(|(_, d)| d.workbook.is_some())
        .flat_map(|(c, d)| in_document(d).map(move |l| (c, l)))
        .map(|(c, link)| (c, case.site.target(link), link.text.as_str()))
}

fn in_document(document: &Document) -> impl Iterator<Item = &crate::model::Link> {
    document.links.iter().filter(|l| l.origin == LinkOrigin::Document)
}

pub(super) fn check(case: &Case<'_>) -> Judgement {
    let judging = Judging::new("cell_links", CriterionKind::Content)
        .expecting("Que abran los hipervínculos de las tablas (se tolera uno de cada diez).");
    let mut alive: BTreeSet<usize> = BTreeSet::new();
    let mut dead: Vec<(usize, Option<usize>, String)> = Vec::new();
    let (mut elsewhere, mut unseen) = (0, 0);
    for (table, target, words) in targets(case) {
        match target {
            Target::Document(i) | Target::Page(i) | Target::Blank(i) => {
                alive.insert(i);
            }
            Target::Dead(i) => dead.push((table, i, words.to_owned())),
            Target::External(_) => elsewhere += 1,
            Target::Unknown(_) | Target::Nowhere | Target::Announced => unseen += 1,
        }
    }
    let all = alive.len() + dead.len();
    let judging = judging.seeing(format!(
        "{} abren, {} rotos, {elsewhere} a otros sitios, {unseen} sin consultar",
        alive.len(),
        dead.len()
    ));
    if all == 0 {
        return if elsewhere + unseen == 0 {
            judging.inapplicable("Las tablas no traen hipervínculos.")
        } else {
            let shown = case.working().take(2).map(|p| p.point(case.site)).collect();
            judging.cant_tell("Los hipervínculos de las tablas llevan a donde no se consultó.", shown)
        };
    }
    let share = alive.len() as f64 / all as f64;
    let mut shown: Vec<Pointer> = Vec::new();
    for (table, target, words) in dead.iter().take(3) {
        shown.extend(target.map(|t| pointer(t, words)));
        shown.push(pointer(*table, words));
    }
    if shown.is_empty() {
        shown.extend(alive.iter().take(3).map(|&i| pointer(i, "")));
    }
    let judging = judging.resting_on(shown).confident(0.95);
    if 1.0 - share <= TOLERATED {
        return judging.decided(
            Outcome::Passed,
            share,
            "Los hipervínculos de las tablas abren.".to_owned(),
        );
    }
    judging
        .mending("Corrija en la tabla las direcciones que no abren: deben empezar con https:// y existir.")
        .decided(
            Outcome::Failed,
            share,
            format!("{} de {all} hipervínculos de las tablas no abren.", dead.len()),
        )
}

fn pointer(capture: usize, words: &str) -> Pointer {
    Pointer {
        capture,
        line: None,
        locator: None,
        excerpt: words.to_owned(),
    }
}
