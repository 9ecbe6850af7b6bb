//! Pieces → the status of an obligation (DESIGN §2), with its reason, its remedy and what it rests on.

use std::collections::BTreeSet;

use crate::check::{self, Case, Data, Judgement, Piece, PieceState, Pointer, point_at_line};
use crate::locate::number::BY_ANOTHER;
use crate::locate::{ContentKind, Ground, PageContent};
use crate::model::{Document, ExtractionState, Outcome, Status};
use crate::text::period::Period;

/// Share of dead links up to which a section still does what it promises (DESIGN §2: "more than a tenth").
const TOLERATED_DEAD: f64 = 0.1;
/// Most pieces of evidence shown for an obligation.
const MOST_EVIDENCE: usize = 8;
/// Below this relevance a single document of a side page is too weak to be called published.
const WEAK: f64 = 0.6;

/// What was decided about one obligation.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) status: Status,
    pub(super) confidence: f64,
    pub(super) reason: String,
    pub(super) remedy: String,
    pub(super) evidence: Vec<Pointer>,
    pub(super) latest: Option<Period>,
    pub(super) media: Vec<String>,
}

/// Decides.
pub(super) fn decide(case: &Case<'_>) -> Verdict {
    let works: Vec<&Piece> = case.working().collect();
    if !works.is_empty() {
        return usable(case, &works);
    }
    if !case.candidates.content.is_empty() {
        return in_page(case);
    }
    let unknown: Vec<&Piece> = of(case, |s| matches!(s, PieceState::Unknown(_)));
    if let Some(first) = unknown.first() {
        let PieceState::Unknown(why) = &first.state else {
            unreachable!("filtered above")
        };
        return verdict(
            case,
            Status::Undetermined,
            0.5,
            format!(
                "Hay {} que no se pudieron ver ({why}); nada se afirma.",
                links(unknown.len())
            ),
            "Vuelva a auditar cuando el sitio responda, o revise esos enlaces a mano.",
            &unknown,
        );
    }
    let verdict = absent(case);
    if matches!(verdict.status, Status::Empty | Status::Missing)
        && let Some(hint) = case.candidates.hints.first()
    {
        return Verdict {
            status: Status::Undetermined,
            confidence: 0.5,
            reason: "La sección no tiene documentos, pero sí un texto que podría atenderla. Una persona debe decidir."
                .to_owned(),
            remedy: "Publique la información también en un archivo descargable, en el formato que se pide.".to_owned(),
            evidence: vec![written(hint)],
            ..verdict
        };
    }
    verdict
}

/// A pointer to what a page itself says.
fn written(content: &PageContent) -> Pointer {
    Pointer {
        capture: content.page,
        line: Some(content.line),
        locator: None,
        excerpt: content.excerpt.clone(),
    }
}

fn of<'c>(case: &'c Case<'_>, wanted: impl Fn(&PieceState) -> bool) -> Vec<&'c Piece> {
    case.pieces.iter().filter(|p| wanted(&p.state)).collect()
}

fn opens(n: usize) -> String {
    if n == 1 {
        "su enlace abre".to_owned()
    } else {
        format!("sus {n} enlaces abren")
    }
}

fn links(n: usize) -> String {
    if n == 1 {
        "1 enlace".to_owned()
    } else {
        format!("{n} enlaces")
    }
}

fn verdict(
    case: &Case<'_>,
    status: Status,
    confidence: f64,
    reason: String,
    remedy: &str,
    pieces: &[&Piece],
) -> Verdict {
    let mut evidence: Vec<Pointer> = Vec::new();
    for piece in pieces {
        let both = if piece.state.works() {
            vec![piece.point(case.site)]
        } else {
            vec![piece.point_at_page(case.site), piece.point(case.site)]
        };
        for point in both {
            if evidence.len() < MOST_EVIDENCE && !evidence.iter().any(|e| same_place(e, &point)) {
                evidence.push(point);
            }
        }
    }
    Verdict {
        status,
        confidence,
        reason,
        remedy: remedy.to_owned(),
        evidence,
        latest: case.latest().map(|(period, _)| period),
        media: media(case),
    }
}

fn same_place(a: &Pointer, b: &Pointer) -> bool {
    a.capture == b.capture && a.line == b.line && a.locator == b.locator
}

/// What the working documents are.
fn media(case: &Case<'_>) -> Vec<String> {
    let kinds: BTreeSet<String> = case
        .working()
        .filter_map(|p| Some(medium(case.site.document(p.capture?)?, p)))
        .chain(check::linked(case).filter_map(|c| Some(kind_of(case.site.document(c)?))))
        .collect();
    kinds.into_iter().collect()
}

fn medium(document: &Document, piece: &Piece) -> String {
    match piece.state {
        PieceState::Works(Data::Scanned { .. }) => format!("{}-scan", document.kind.as_str()),
        _ => document.kind.as_str().to_owned(),
    }
}

/// A picture of a page is no text, and says so.
fn kind_of(document: &Document) -> String {
    let scan = if document.state == ExtractionState::NoTextLayer {
        "-scan"
    } else {
        ""
    };
    format!("{}{scan}", document.kind.as_str())
}

/// Something works: published, or partial when part of what is promised is not there.
fn usable(case: &Case<'_>, works: &[&Piece]) -> Verdict {
    let mut best: Vec<&Piece> = works.to_vec();
    best.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    let confidence = strength(best[0]);
    if is_weak(case, &best) {
        return verdict(
            case,
            Status::Undetermined,
            0.5,
            format!(
                "Sólo un documento parece corresponder, y por un indicio débil ({}: «{}»). Una persona debe decidir.",
                best[0].item.ground.spanish(),
                best[0].item.because
            ),
            "Rotule el documento con el nombre de la obligación, en la página de obligaciones.",
            &best,
        );
    }
    let dead = of(case, |s| *s == PieceState::Dead);
    let dead_share = dead.len() as f64 / (dead.len() + works.len()) as f64;
    let holes = holes(case, works);
    let count = works.len();
    let found = if count == 1 {
        "Hay 1 documento con información".to_owned()
    } else {
        format!("Hay {count} documentos con información")
    };
    let ground = format!(
        "{found}; el principal {} «{}»",
        best[0].item.ground.spanish(),
        best[0].item.because
    );
    if dead_share > TOLERATED_DEAD {
        best.extend(&dead);
        return verdict(
            case,
            Status::Partial,
            confidence,
            format!(
                "{ground}. Pero {} de la sección no {}.",
                links(dead.len()),
                if dead.len() == 1 { "abre" } else { "abren" }
            ),
            "Corrija o suba de nuevo los documentos cuyos enlaces no abren.",
            &spread(&best, &dead),
        );
    }
    if let Some(first) = holes.first() {
        let what = match &first.state {
            PieceState::NoLink => "documentos anunciados sin enlace",
            PieceState::Announced => "periodos anunciados sin documento",
            _ => "archivos sin datos",
        };
        let shown = spread(&best, &holes);
        return verdict(
            case,
            Status::Partial,
            confidence,
            format!("{ground}. Pero hay {what} ({}).", holes.len()),
            "Publique lo que la sección anuncia y no entrega, o explique en una nota por qué no existe.",
            &shown,
        );
    }
    verdict(case, Status::Published, confidence, format!("{ground}."), "", &best)
}

/// The first of the working pieces and the first of those that fail, so that evidence shows both.
fn spread<'p>(works: &[&'p Piece], fails: &[&'p Piece]) -> Vec<&'p Piece> {
    works
        .iter()
        .filter(|p| p.state.works())
        .take(MOST_EVIDENCE - 2)
        .chain(fails.iter().take(2))
        .copied()
        .collect()
}

fn strength(piece: &Piece) -> f64 {
    let side = if piece.item.on_list { 1.0 } else { 0.95 };
    piece.item.ground.strength() * (0.7 + 0.3 * piece.item.relevance.min(1.0)) * side
}

/// Only documents off the list of obligations, by file names or doubtful words.
fn is_weak(case: &Case<'_>, works: &[&Piece]) -> bool {
    let weak = |p: &Piece| match p.item.ground {
        Ground::FileName => p.item.relevance < 0.8,
        Ground::OwnWords => p.item.relevance < 0.7,
        Ground::Numeral => p.item.relevance <= BY_ANOTHER,
        _ => p.item.relevance < WEAK && works.len() == 1,
    };
    // A number of another law's article is no sign of this obligation, wherever it stands.
    let foreign = |p: &Piece| p.item.ground == Ground::Numeral && p.item.relevance <= BY_ANOTHER;
    case.candidates.content.is_empty() && works.iter().all(|p| foreign(p) || !p.item.on_list && weak(p))
}

/// What the section announces and does not deliver: an icon without link, or an empty file not older than the newest filled one.
fn holes<'c>(case: &'c Case<'_>, works: &[&Piece]) -> Vec<&'c Piece> {
    let newest = works.iter().filter_map(|p| p.period).map(|p| p.year).max();
    case.pieces
        .iter()
        .filter(|p| p.item.on_list)
        .filter(|p| match &p.state {
            PieceState::NoLink => true,
            // What is still to come is no hole.
            PieceState::Announced => p.period.is_none_or(|p| case.has_ended(p)),
            PieceState::Blank(Data::Template { .. }) => match (p.period.map(|p| p.year), newest) {
                (Some(own), Some(newest)) => own >= newest,
                _ => true,
            },
            _ => false,
        })
        .collect()
}

/// Information in the page itself, without a document.
fn in_page(case: &Case<'_>) -> Verdict {
    let mut content: Vec<_> = case.candidates.content.iter().collect();
    content.sort_by(|a, b| b.relevance.total_cmp(&a.relevance).then(a.page.cmp(&b.page)));
    let evidence = content.iter().take(MOST_EVIDENCE).map(|c| written(c)).collect();
    if content.iter().all(|c| c.kind == ContentKind::Negative) {
        return Verdict {
            status: Status::Published,
            confidence: content[0].relevance,
            reason: "La página explica con motivo por qué no hay información que publicar.".to_owned(),
            remedy: "Publique también el formato oficial del periodo, con el motivo en su columna Nota.".to_owned(),
            evidence,
            latest: None,
            media: vec!["html".to_owned()],
        };
    }
    Verdict {
        status: Status::Partial,
        confidence: content[0].relevance,
        reason: "La información está escrita en la página, sin un documento en el formato que se pide.".to_owned(),
        remedy: "Publique también el formato oficial en hoja de cálculo o CSV.".to_owned(),
        evidence,
        latest: None,
        media: vec!["html".to_owned()],
    }
}

/// Nothing usable: why.
fn absent(case: &Case<'_>) -> Verdict {
    let foreign = |p: &Piece| p.item.ground == Ground::Numeral && p.item.relevance <= BY_ANOTHER;
    if !case.pieces.is_empty() && case.pieces.iter().all(foreign)
        || case.pieces.is_empty()
            && !case.candidates.labels.is_empty()
            && case
                .candidates
                .labels
                .iter()
                .all(|l| l.by_number && l.score <= BY_ANOTHER)
    {
        return by_another_number(case);
    }
    let all: Vec<&Piece> = of(case, |s| *s != PieceState::Announced);
    let on_list: Vec<&Piece> = all.iter().copied().filter(|p| p.item.on_list).collect();
    let count = |pieces: &[&Piece], wanted: fn(&PieceState) -> bool| pieces.iter().filter(|p| wanted(&p.state)).count();
    let is_external: fn(&PieceState) -> bool = |s| matches!(s, PieceState::External(_));
    let is_dead: fn(&PieceState) -> bool = |s| *s == PieceState::Dead;
    let side_external = count(&all, is_external) - count(&on_list, is_external);
    let judged = if on_list.is_empty() { &all } else { &on_list };
    let (dead, external) = (count(judged, is_dead), count(judged, is_external));
    let bare = judged.len() - dead - external;
    if dead > 0 && external <= 3 * dead {
        return broken(case, judged, dead);
    }
    if external > bare {
        return sent_elsewhere(case, judged);
    }
    if !judged.is_empty() {
        let side_dead = count(&all, is_dead);
        if side_external >= 3 && side_external > 3 * side_dead {
            return sent_elsewhere(case, &all);
        }
        return empty(case, judged);
    }
    if let Some(label) = case
        .candidates
        .labels
        .iter()
        .filter(|l| l.score >= 0.7 || l.on_list && !l.by_number)
        .max_by(|a, b| {
            a.on_list
                .cmp(&b.on_list)
                .then(a.score.total_cmp(&b.score))
                .then(b.page.cmp(&a.page))
                .then(b.line.cmp(&a.line))
        })
    {
        let mut verdict = empty(case, &[]);
        verdict.evidence = vec![point_at_line(case.site, label.page, Some(label.line))];
        return if label.on_list {
            unless_loaded(case, verdict)
        } else {
            unless_blind(case, verdict)
        };
    }
    let mut verdict = verdict(
        case,
        Status::Missing,
        0.95,
        "Ninguna página alcanzable desde la entrada nombra esta obligación ni enlaza un documento suyo.".to_owned(),
        &case.obligation.remedy,
        &[],
    );
    verdict.evidence = case
        .searched
        .iter()
        .take(3)
        .map(|&c| point_at_line(case.site, c, None))
        .collect();
    unless_blind(case, verdict)
}

/// Only a number of another article, without a word, may name it: nobody can say which obligation that is.
fn by_another_number(case: &Case<'_>) -> Verdict {
    let mut verdict = verdict(
        case,
        Status::Undetermined,
        0.5,
        "Hay una fracción con este número, pero de otra ley o sin decir de cuál, y sin palabras que digan de qué trata."
            .to_owned(),
        "Rotule cada fracción con el nombre de la obligación, además de su número.",
        &case.pieces.iter().collect::<Vec<_>>(),
    );
    if verdict.evidence.is_empty() {
        verdict.evidence = case
            .candidates
            .labels
            .iter()
            .take(3)
            .map(|l| point_at_line(case.site, l.page, Some(l.line)))
            .collect();
    }
    verdict
}

fn broken(case: &Case<'_>, pieces: &[&Piece], dead: usize) -> Verdict {
    let shown: Vec<&Piece> = pieces.iter().copied().filter(|p| p.state == PieceState::Dead).collect();
    let instead = shown
        .iter()
        .filter(|p| p.capture.is_some_and(|c| case.site.is_page_for_file(c)))
        .count();
    let reason = if instead == shown.len() {
        format!(
            "Se anuncian documentos, pero {} en su lugar una página web.",
            opens(dead)
        )
    } else {
        format!(
            "Se anuncian documentos, pero ninguno abre: {} a archivos que el servidor no entrega.",
            links(dead)
        )
    };
    verdict(
        case,
        Status::Broken,
        0.95,
        reason,
        "Corrija las direcciones (mayúsculas, acentos, espacios, carpeta) o suba de nuevo los archivos.",
        &shown,
    )
}

fn sent_elsewhere(case: &Case<'_>, pieces: &[&Piece]) -> Verdict {
    let shown: Vec<&Piece> = pieces
        .iter()
        .copied()
        .filter(|p| matches!(p.state, PieceState::External(_)))
        .collect();
    let mut hosts: Vec<&str> = shown
        .iter()
        .filter_map(|p| match &p.state {
            PieceState::External(host) => Some(host.as_str()),
            _ => None,
        })
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    verdict(
        case,
        Status::External,
        0.9,
        format!(
            "Sólo se remite a otros sitios: {}.",
            hosts.into_iter().take(3).collect::<Vec<_>>().join(", ")
        ),
        "Publique el documento en el portal propio, además del enlace.",
        &shown,
    )
}

fn empty(case: &Case<'_>, pieces: &[&Piece]) -> Verdict {
    let files = pieces
        .iter()
        .filter(|p| matches!(p.state, PieceState::Blank(_)))
        .count();
    let other = pieces.iter().find_map(|p| match &p.state {
        PieceState::Other(title) => Some(title),
        _ => None,
    });
    let reason = if let Some(title) = other {
        format!("Lo que se ofrece es de otra obligación: sus columnas son las del formato «{title}».")
    } else if files > 0 {
        format!("Hay {files} archivo(s), pero sin un solo registro: plantillas sin llenar o imágenes.")
    } else if pieces.is_empty() && case.candidates.page_links > 0 {
        "La sección sólo lleva a otras páginas del portal, y en ellas no se halló información suya.".to_owned()
    } else if pieces.is_empty() {
        "La obligación se anuncia, pero no hay enlace ni texto que la atienda.".to_owned()
    } else {
        "La sección sólo tiene iconos o textos sin enlace.".to_owned()
    };
    let verdict = verdict(case, Status::Empty, 0.9, reason, &case.obligation.remedy, pieces);
    if files > 0 || other.is_some() {
        verdict
    } else {
        unless_loaded(case, verdict)
    }
}

/// What a section shows is what a citizen sees, unless a program of the browser fills it.
fn unless_loaded(case: &Case<'_>, mut verdict: Verdict) -> Verdict {
    let Some((page, call)) = case.candidates.unseen.first() else {
        return verdict;
    };
    if !verdict.evidence.iter().any(|e| e.capture == *page) {
        verdict.evidence.push(point_at_line(case.site, *page, None));
    }
    let call: String = call.chars().take(60).collect();
    undecided(
        verdict,
        &format!("su sección se llena con un programa del navegador («{call}»)"),
    )
}

/// An absence after a crawl that did not see enough decides nothing.
fn unless_blind(case: &Case<'_>, verdict: Verdict) -> Verdict {
    match case.limits.first() {
        Some(limit) if case.candidates.unseen.is_empty() => undecided(verdict, limit.trim_end_matches('.')),
        _ => unless_loaded(case, verdict),
    }
}

fn undecided(verdict: Verdict, why: &str) -> Verdict {
    Verdict {
        status: Status::Undetermined,
        confidence: 0.5,
        reason: format!("No se encontró, pero no se puede afirmar que falte: {why}."),
        remedy: "Revise la sección a mano, o repita la captura con más alcance.".to_owned(),
        ..verdict
    }
}

/// Criteria never say more than the status: of what is undetermined none is failed for being absent.
pub(super) fn consistent(status: Status, mut judgement: Judgement) -> Judgement {
    // That a blank template opens is no merit: where there is no information, links that open earn nothing.
    let nothing = matches!(status, Status::Empty | Status::Missing | Status::External);
    if nothing && judgement.criterion == "opens" && judgement.outcome == Outcome::Passed {
        judgement.outcome = Outcome::Inapplicable;
        judgement.value = None;
        "Los enlaces abren, pero no llevan a información.".clone_into(&mut judgement.reason);
    }
    let undecided = status == Status::Undetermined && judgement.criterion == "located";
    if undecided && judgement.outcome != Outcome::CantTell {
        judgement.outcome = Outcome::CantTell;
        judgement.value = None;
    }
    judgement
}
