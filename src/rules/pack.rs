//! A pack's YAML → [`Pack`].

use sha2::{Digest, Sha256};

use crate::model::{
    Cadence, Certainty, CriterionKind, FileCode, Label, Lineage, Obligation, Pack, Retention, Scoring, SourceFact,
    SubjectKind,
};

use super::Diagnostic;
use super::fields::{Context, Fields, Key, Kind};
use super::tree::{Node, Value};

const KINDS: &[&str] = &["municipality", "state_body", "utility", "congress", "court"];
const CADENCES: &[&str] = &[
    "monthly",
    "bimonthly",
    "quarterly",
    "semiannual",
    "annual",
    "triennial",
    "sexennial",
    "on_change",
    "unsourced",
];
const CERTAINTIES: &[&str] = &["A", "B", "C", "N"];

const fn key(name: &'static str, kind: Kind, required: bool, about: &'static str) -> Key {
    Key {
        name,
        kind,
        required,
        about,
    }
}

/// Keys of a pack.
pub(super) static PACK: &[Key] = &[
    key(
        "pack",
        Kind::Text,
        true,
        "identificador del paquete, por ejemplo mx-lgtaip-2025",
    ),
    key("version", Kind::Text, true, "versión del paquete mismo"),
    key("title", Kind::Text, true, "nombre del instrumento"),
    key("jurisdiction", Kind::Text, true, "MX, o MX y la clave del estado"),
    key(
        "in_force",
        Kind::Nested,
        true,
        "vigencia: {from: AAAA-MM-DD, to: AAAA-MM-DD}",
    ),
    key("sources", Kind::Nested, true, "fuentes del paquete, con su certeza"),
    key(
        "scoring",
        Kind::Nested,
        true,
        "perfil de ponderación: profile, certainty, weights",
    ),
    key("obligations", Kind::Nested, true, "lista de obligaciones"),
];
/// Keys of `in_force`.
pub(super) static IN_FORCE: &[Key] = &[
    key("from", Kind::Date, true, "primer día de vigencia"),
    key("to", Kind::Date, false, "último día, si ya no rige"),
];
/// Keys of a source.
pub(super) static SOURCE: &[Key] = &[
    key("source", Kind::Text, true, "de dónde sale el dato"),
    key(
        "certainty",
        Kind::OneOf(CERTAINTIES),
        true,
        "A texto primario o archivo leído, B copia secundaria, C inferido, N sin fuente",
    ),
];
/// Keys of `scoring`.
pub(super) static SCORING: &[Key] = &[
    key("profile", Kind::Text, true, "nombre del perfil"),
    key(
        "certainty",
        Kind::OneOf(CERTAINTIES),
        true,
        "certeza de los pesos; N si son propios",
    ),
    key(
        "weights",
        Kind::Nested,
        true,
        "peso de content, timeliness, reliability y format; suman 1",
    ),
];
/// Keys of `weights`.
pub(super) static WEIGHTS: &[Key] = &[
    key("content", Kind::Number, true, "criterios sustantivos de contenido"),
    key("timeliness", Kind::Number, true, "criterios de actualización"),
    key("reliability", Kind::Number, true, "criterios de confiabilidad"),
    key("format", Kind::Number, true, "criterios de formato"),
];
/// Keys of an obligation.
pub(super) static OBLIGATION: &[Key] = &[
    key(
        "id",
        Kind::Text,
        true,
        "artículo.fracción[.inciso], por ejemplo \"70.XXVIII\"",
    ),
    key("title", Kind::Text, true, "nombre corto"),
    key("asks", Kind::Text, true, "qué debe publicarse, en palabras propias"),
    key(
        "continues",
        Kind::Texts,
        false,
        "obligaciones de otros paquetes que continúa, como paquete:id",
    ),
    key("applies_to", Kind::SomeOf(KINDS), true, "tipos de sujeto que la deben"),
    key(
        "not_applicable_reason",
        Kind::Text,
        false,
        "por qué no aplica a los demás",
    ),
    key("cadence", Kind::OneOf(CADENCES), true, "periodo de actualización"),
    key("retention", Kind::Retention, true, "conservación"),
    key(
        "page_text",
        Kind::Bool,
        false,
        "si el texto de una página puede atenderla sin documento",
    ),
    key("labels", Kind::Texts, true, "rótulos con que los portales la nombran"),
    key(
        "weak_labels",
        Kind::Texts,
        false,
        "rótulos que también nombran otra cosa",
    ),
    key("formats", Kind::Texts, false, "nombres de sus formatos oficiales"),
    key(
        "codes",
        Kind::Nested,
        false,
        "numeraciones: {article, fraction, jurisdiction}",
    ),
    key("remedy", Kind::Text, true, "qué hacer cuando falta"),
    key("sources", Kind::Nested, true, "de dónde sale cada dato"),
];
/// Keys of a code.
pub(super) static CODE: &[Key] = &[
    key("article", Kind::Text, true, "artículo"),
    key("fraction", Kind::Text, true, "fracción e inciso"),
    key("jurisdiction", Kind::Text, true, "de qué ley es la numeración"),
];

/// Reads a pack; what its errors leave empty is of no use, but can be checked further.
pub(super) fn read(root: &Node, context: &Context<'_>, bytes: &[u8], found: &mut Vec<Diagnostic>) -> Pack {
    let fields = Fields::read(root, "el paquete", PACK, context, found);
    let in_force = fields
        .get("in_force")
        .map(|n| Fields::read(n, "«in_force»", IN_FORCE, context, found));
    let _ = sources(&fields, "el paquete", context, found);
    // Without its weights the pack is of no use, and yet all its other problems are told.
    let scoring = fields.get("scoring").map_or_else(
        || Scoring {
            profile: String::new(),
            certainty: Certainty::N,
            weights: Vec::new(),
        },
        |n| scoring(n, context, found),
    );
    let mut obligations: Vec<Obligation> = Vec::new();
    if let Some(node) = fields.get("obligations")
        && !matches!(node.value, Value::List(_))
    {
        found.push(context.error(
            node,
            "«obligations» debe ser una lista".to_owned(),
            "Empiece cada obligación con «- id:».".to_owned(),
        ));
    }
    for node in fields.items("obligations") {
        let obligation = obligation(node, context, found);
        if obligations.iter().any(|o| o.id == obligation.id) && !obligation.id.is_empty() {
            found.push(context.error(
                node,
                format!("la obligación «{}» está repetida", obligation.id),
                "Cada id aparece una sola vez en el paquete.".to_owned(),
            ));
            continue;
        }
        obligations.push(obligation);
    }
    let from = in_force.as_ref().map(|f| f.text("from")).unwrap_or_default();
    let to = in_force.as_ref().map(|f| f.text("to")).filter(|t| !t.is_empty());
    if let (Some(to), Some(node)) = (&to, fields.get("in_force"))
        && *to < from
    {
        found.push(context.error(
            node,
            "la vigencia termina antes de empezar".to_owned(),
            "Revise «from» y «to».".to_owned(),
        ));
    }
    Pack {
        id: fields.text("pack"),
        version: fields.text("version"),
        title: fields.text("title"),
        jurisdiction: fields.text("jurisdiction"),
        in_force_from: from,
        in_force_to: to,
        scoring,
        obligations,
        sha256: hex(&Sha256::digest(bytes)),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

fn scoring(node: &Node, context: &Context<'_>, found: &mut Vec<Diagnostic>) -> Scoring {
    let fields = Fields::read(node, "«scoring»", SCORING, context, found);
    let mut weights = Vec::new();
    if let Some(at) = fields.get("weights") {
        let own = Fields::read(at, "«weights»", WEIGHTS, context, found);
        weights = vec![
            (CriterionKind::Content, own.number("content")),
            (CriterionKind::Timeliness, own.number("timeliness")),
            (CriterionKind::Reliability, own.number("reliability")),
            (CriterionKind::Format, own.number("format")),
        ];
        let sum: f64 = weights.iter().map(|(_, w)| w).sum();
        if (sum - 1.0).abs() > 1e-6 {
            found.push(context.error(
                at,
                format!("los pesos suman {sum}, no 1"),
                "Ajústelos hasta que sumen 1.".to_owned(),
            ));
        }
    }
    Scoring {
        profile: fields.text("profile"),
        certainty: certainty(&fields.text("certainty")),
        weights,
    }
}

fn obligation(node: &Node, context: &Context<'_>, found: &mut Vec<Diagnostic>) -> Obligation {
    let fields = Fields::read(node, "la obligación", OBLIGATION, context, found);
    let strong = fields
        .texts("labels")
        .into_iter()
        .map(|(text, _)| Label { text, weak: false });
    let weak = fields
        .texts("weak_labels")
        .into_iter()
        .map(|(text, _)| Label { text, weak: true });
    let mut continues = Vec::new();
    for (text, at) in fields.texts("continues") {
        match text.split_once(':') {
            Some((pack, id)) => continues.push(Lineage {
                pack: pack.to_owned(),
                id: id.to_owned(),
            }),
            None => found.push(context.error(
                at,
                format!("«{text}» no nombra una obligación de otro paquete"),
                "Escríbala como paquete:id, por ejemplo mx-lgtaip-2015:70.I.".to_owned(),
            )),
        }
    }
    let codes = fields
        .items("codes")
        .iter()
        .map(|n| {
            let own = Fields::read(n, "la numeración", CODE, context, found);
            FileCode {
                article: own.text("article"),
                fraction: own.text("fraction"),
                jurisdiction: own.text("jurisdiction"),
            }
        })
        .collect();
    Obligation {
        labels: strong.chain(weak).collect(),
        continues,
        codes,
        id: fields.text("id"),
        title: fields.text("title"),
        asks: fields.text("asks"),
        applies_to: fields.texts("applies_to").iter().filter_map(|(t, _)| kind(t)).collect(),
        not_applicable_reason: Some(fields.text("not_applicable_reason")).filter(|t| !t.is_empty()),
        cadence: cadence(&fields.text("cadence")),
        retention: retention(&fields.text("retention")).unwrap_or(Retention::Unsourced),
        formats: fields.texts("formats").into_iter().map(|(t, _)| t).collect(),
        page_text: fields.text("page_text") == "true",
        remedy: fields.text("remedy"),
        sources: sources(&fields, "la obligación", context, found),
    }
}

/// The sources of something; that there is none is told.
pub(super) fn sources(
    fields: &Fields<'_>,
    what: &str,
    context: &Context<'_>,
    found: &mut Vec<Diagnostic>,
) -> Vec<SourceFact> {
    let items = fields.items("sources");
    if let Some(node) = fields.get("sources")
        && items.is_empty()
        && node.line > 0
    {
        found.push(context.error(
            node,
            format!("{what} no dice de dónde salen sus datos"),
            "Agregue al menos «- {source: …, certainty: N}»: lo que no tiene fuente se marca con N.".to_owned(),
        ));
    }
    items
        .iter()
        .map(|n| {
            let own = Fields::read(n, "la fuente", SOURCE, context, found);
            SourceFact {
                source: own.text("source"),
                certainty: certainty(&own.text("certainty")),
            }
        })
        .collect()
}

fn certainty(text: &str) -> Certainty {
    match text {
        "A" => Certainty::A,
        "B" => Certainty::B,
        "C" => Certainty::C,
        _ => Certainty::N,
    }
}

fn kind(text: &str) -> Option<SubjectKind> {
    Some(match text {
        "municipality" => SubjectKind::Municipality,
        "state_body" => SubjectKind::StateBody,
        "utility" => SubjectKind::Utility,
        "congress" => SubjectKind::Congress,
        "court" => SubjectKind::Court,
        _ => return None,
    })
}

fn cadence(text: &str) -> Cadence {
    match text {
        "monthly" => Cadence::Monthly,
        "bimonthly" => Cadence::Bimonthly,
        "quarterly" => Cadence::Quarterly,
        "semiannual" => Cadence::Semiannual,
        "annual" => Cadence::Annual,
        "triennial" => Cadence::Triennial,
        "sexennial" => Cadence::Sexennial,
        "on_change" => Cadence::OnChange,
        _ => Cadence::Unsourced,
    }
}

/// `in_force`, `in_force_and_previous`, `current+N`, `all`, `unsourced`.
pub(super) fn retention(text: &str) -> Option<Retention> {
    Some(match text {
        "in_force" => Retention::InForce,
        "in_force_and_previous" => Retention::InForceAndPrevious,
        "all" => Retention::All,
        "unsourced" => Retention::Unsourced,
        other => Retention::CurrentPlus(other.strip_prefix("current+")?.parse().ok().filter(|n| *n <= 20)?),
    })
}
