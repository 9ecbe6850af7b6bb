//! Why an obligation was judged as it was: what was searched, every candidate with its reasons, and what each opened to.

use std::fmt::Write;

use super::status::{Verdict, decide};
use super::{EvaluationInput, alerts, cases, site_of};
use crate::check::{Case, PieceState, Readings};
use crate::text::personal;

/// The reasons of one verdict, as text for people: Spanish, one thing a line.
#[must_use]
pub fn explain(input: &EvaluationInput<'_>, obligation: &str) -> Option<String> {
    let (site, limits, on) = site_of(input);
    let readings = Readings::new(&site, input.formats, input.phrases, on, &input.subject.name);
    let mut out = None;
    for pack in input.packs {
        cases(input, &site, &limits, &readings, on, pack, |o, case| {
            if let Some(case) = case
                && (pack.full_id(o) == obligation || o.id == obligation)
            {
                out = Some(told(&pack.full_id(o), case, &decide(case)));
            }
        });
    }
    let masker = alerts::scan(&site, input.formats).known.masker();
    out.map(|text: String| text.lines().map(|line| masker.mask(line) + "\n").collect())
}

fn told(id: &str, case: &Case<'_>, verdict: &Verdict) -> String {
    let site = case.site;
    let mut text = format!("{id} — {}\n", case.obligation.title);
    let _ = writeln!(
        text,
        "Situación: {} (confianza {:.2})",
        verdict.status.as_str(),
        verdict.confidence
    );
    let _ = writeln!(text, "Motivo: {}\n", verdict.reason);
    let _ = writeln!(text, "Páginas donde se buscó: {}", site.order.len());
    for &c in case.searched.iter().take(5) {
        let _ = writeln!(text, "  {}", site.captures[c].url);
    }
    for limit in case.limits {
        let _ = writeln!(text, "Límite: {limit}");
    }
    let _ = writeln!(text, "\nRótulos que la nombran: {}", case.candidates.labels.len());
    for l in &case.candidates.labels {
        let place = if l.on_list {
            "en la lista de obligaciones"
        } else {
            "fuera de ella"
        };
        let _ = writeln!(
            text,
            "  {:.2} «{}» ({place}; {})",
            l.score, l.text, site.captures[l.page].url
        );
    }
    let _ = writeln!(text, "\nPiezas que se le atribuyen: {}", case.pieces.len());
    for p in &case.pieces {
        let address = p.capture.map_or("sin dirección", |c| site.captures[c].url.as_str());
        let _ = writeln!(
            text,
            "  {:.2} {} «{}»: {} — {address}",
            p.item.relevance,
            p.item.ground.spanish(),
            p.item.because,
            state(&p.state)
        );
    }
    let _ = writeln!(text, "\nEscrito en las páginas: {}", case.candidates.content.len());
    for c in case.candidates.content.iter().chain(&case.candidates.hints) {
        let _ = writeln!(
            text,
            "  {:.2} {} ({})",
            c.relevance,
            shorten(&c.excerpt),
            site.captures[c.page].url
        );
    }
    for (page, call) in &case.candidates.unseen {
        let _ = writeln!(
            text,
            "  se llena con un programa: {call} ({})",
            site.captures[*page].url
        );
    }
    text
}

fn shorten(text: &str) -> String {
    personal::shortened(text, 160)
}

fn state(state: &PieceState) -> String {
    match state {
        PieceState::Works(data) => personal::shortened(&format!("abre; {data:?}"), 120),
        PieceState::Blank(data) => personal::shortened(&format!("abre y no tiene datos; {data:?}"), 120),
        PieceState::Other(title) => format!("es de otra obligación: tiene las columnas de «{title}»"),
        PieceState::Dead => "no existe".to_owned(),
        PieceState::External(host) => format!("remite a {host}"),
        PieceState::Unknown(why) => format!("no se pudo ver: {why}"),
        PieceState::NoLink => "sin enlace".to_owned(),
        PieceState::Announced => "periodo anunciado sin documento".to_owned(),
    }
}
