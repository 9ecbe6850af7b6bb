//! `veedor rules …`.

mod formats;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::args::{Common, LangArg, RulesCommand};
use super::settings::Settings;
use super::tell::{self, Failure, WRONG};
use super::{documents, progress, range, say};
use crate::audit::Judging;
use crate::measure::{Agreement, Measured, measure};
use crate::model::{Cadence, Certainty, Pack, Retention, SourceFact};
use crate::report::Context;
use crate::rules::{self, Library, Severity};

/// Runs one of them.
pub(super) fn run(command: &RulesCommand, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let lang = common.lang;
    let library = || Library::load(&settings.rules(common)).map_err(|e| tell::rules(&e, lang));
    match command {
        RulesCommand::List { pack } if pack.as_deref() == Some("formats") => {
            say(&formats::list(library()?.formats()));
            Ok(0)
        }
        RulesCommand::List { pack } => {
            let library = library()?;
            let packs: Vec<&Pack> = match pack {
                Some(id) => vec![library.pack(id).map_err(|e| tell::rules(&e, lang))?],
                None => library.packs().iter().collect(),
            };
            say(&list(&packs, pack.is_some()));
            Ok(0)
        }
        RulesCommand::Show { id } => show(&library()?, id, lang),
        RulesCommand::Lint { paths } => lint(paths, settings, common),
        RulesCommand::Schema => {
            say(&format!("{:#}\n", rules::schema()));
            Ok(0)
        }
        RulesCommand::Test { dir, packs, floor, out } => test(dir, packs, floor, out, &library()?, common),
    }
}

fn list(packs: &[&Pack], whole: bool) -> String {
    let mut text = String::new();
    for pack in packs {
        let to = pack.in_force_to.as_deref().unwrap_or("…");
        let _ = writeln!(
            text,
            "{}  {}  ({} obligaciones, vigente {} a {to})",
            pack.id,
            pack.title,
            pack.obligations.len(),
            pack.in_force_from
        );
        for o in pack.obligations.iter().filter(|_| whole) {
            let _ = writeln!(text, "  {:<12} {}", o.id, o.title);
        }
    }
    text
}

fn show(library: &Library, id: &str, lang: LangArg) -> Result<u8, Failure> {
    if !id.contains(':')
        && let Some(format) = library.format(id)
    {
        say(&formats::show(format));
        return Ok(0);
    }
    let unknown = || {
        Failure::new(
            lang,
            WRONG,
            &format!(
                "no hay una obligación ni un formato «{id}». Escriba la obligación como paquete:id, por ejemplo mx-lgtaip-2025:65.I; «veedor rules list PAQUETE» las enumera, y «veedor rules list formats» los formatos."
            ),
            &format!(
                "there is no obligation or format '{id}'. Write an obligation as pack:id, like mx-lgtaip-2025:65.I; 'veedor rules list PACK' names them, 'veedor rules list formats' the formats."
            ),
        )
    };
    let (pack, own) = id.split_once(':').ok_or_else(unknown)?;
    let pack = library.pack(pack).map_err(|e| tell::rules(&e, lang))?;
    let o = pack.obligations.iter().find(|o| o.id == own).ok_or_else(unknown)?;
    let mut text = format!("{} — {}\n\n{}\n\n", pack.full_id(o), o.title, o.asks);
    let words = |weak: bool| {
        o.labels
            .iter()
            .filter(|l| l.weak == weak)
            .map(|l| l.text.as_str())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let lineage = o
        .continues
        .iter()
        .map(|l| format!("{}:{}", l.pack, l.id))
        .collect::<Vec<_>>()
        .join(", ");
    let codes = o
        .codes
        .iter()
        .map(|c| format!("art. {} fr. {} ({})", c.article, c.fraction, c.jurisdiction))
        .collect::<Vec<_>>()
        .join("; ");
    for (name, value) in [
        ("Continúa", lineage),
        ("Actualización", cadence(o.cadence).to_owned()),
        ("Conservación", retention(o.retention)),
        ("Rótulos", words(false)),
        ("Rótulos débiles", words(true)),
        ("Formatos", o.formats.join("; ")),
        ("Numeraciones", codes),
        ("Remedio", o.remedy.clone()),
    ] {
        if !value.is_empty() {
            let _ = writeln!(text, "{name}: {value}");
        }
    }
    let layouts = library.formats_of(&pack.id, &o.id);
    if !layouts.is_empty() {
        let ids: Vec<&str> = layouts.iter().map(|f| f.id.as_str()).collect();
        let _ = writeln!(text, "Hojas: {}", ids.join(", "));
    }
    text.push_str(&sources(&o.sources));
    say(&text);
    Ok(0)
}

/// The sources of something, one a line.
fn sources(all: &[SourceFact]) -> String {
    let mut text = String::from("Fuentes:\n");
    for s in all {
        let unsourced = if s.certainty == Certainty::N {
            " — SIN FUENTE"
        } else {
            ""
        };
        let _ = writeln!(text, "  [{:?}] {}{unsourced}", s.certainty, s.source);
    }
    text
}

fn cadence(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Monthly => "mensual",
        Cadence::Bimonthly => "bimestral",
        Cadence::Quarterly => "trimestral",
        Cadence::Semiannual => "semestral",
        Cadence::Annual => "anual",
        Cadence::Triennial => "trianual",
        Cadence::Sexennial => "sexenal",
        Cadence::OnChange => "cuando cambie",
        Cadence::Unsourced => "sin fuente",
    }
}

fn retention(retention: Retention) -> String {
    match retention {
        Retention::InForce => "información vigente".to_owned(),
        Retention::InForceAndPrevious => "información vigente y la anterior".to_owned(),
        Retention::CurrentPlus(0) => "ejercicio en curso".to_owned(),
        Retention::CurrentPlus(n) => format!("ejercicio en curso y {n} anteriores"),
        Retention::All => "toda".to_owned(),
        Retention::Unsourced => "sin fuente".to_owned(),
    }
}

fn lint(paths: &[PathBuf], settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let all: Vec<PathBuf> = settings
        .rules(common)
        .into_iter()
        .chain(paths.iter().cloned())
        .collect();
    let found = rules::lint(&all).map_err(|e| tell::rules(&e, common.lang))?;
    for diagnostic in &found {
        say(&format!("{diagnostic}\n"));
    }
    let errors = found.iter().filter(|d| d.severity == Severity::Error).count();
    say(&match common.lang {
        LangArg::Es => format!("{errors} errores, {} avisos\n", found.len() - errors),
        LangArg::En => format!("{errors} errors, {} warnings\n", found.len() - errors),
    });
    Ok(if errors > 0 { WRONG } else { 0 })
}

fn test(
    dir: &Path,
    packs: &[String],
    floor: &[String],
    out: &Path,
    library: &Library,
    common: &Common,
) -> Result<u8, Failure> {
    let lang = common.lang;
    let floors = floors(floor, lang)?;
    let judging = Judging {
        packs: packs.to_vec(),
        on: None,
        formats: Vec::new(),
        context: Context::default(),
        readers: documents::readers(),
    };
    let measured =
        measure(dir, out, library, &judging, &progress::listener(common)).map_err(|e| tell::measure(&e, lang))?;
    if measured.is_empty() {
        return Err(Failure::new(
            lang,
            WRONG,
            &format!("{} no contiene portales: ninguna carpeta con urls.tsv", dir.display()),
            &format!("{} holds no portals: no folder with urls.tsv", dir.display()),
        ));
    }
    for m in &measured {
        let path = out.join(format!("{}.json", m.portal));
        let json = serde_json::to_string_pretty(&m.findings).unwrap_or_default();
        std::fs::write(&path, json).map_err(|e| tell::io(&path, &e, lang))?;
    }
    let all = Agreement::of(measured.iter().filter_map(|m| m.compared.as_ref()));
    say(&told(&measured, &all));
    let mut code = 0;
    for (name, least) in floors {
        let value = match name.as_str() {
            "kappa" => all.kappa,
            "f1" => all.f1,
            "decided" => all.decided,
            "accuracy" => all.accuracy,
            "precision" => all.precision,
            _ => all.recall,
        };
        if value.is_nan() || value < least {
            say(&format!("{name} = {value:.3} < {least}\n"));
            code = 1;
        }
    }
    Ok(code)
}

fn floors(texts: &[String], lang: LangArg) -> Result<Vec<(String, f64)>, Failure> {
    const NAMES: &[&str] = &["kappa", "f1", "decided", "accuracy", "precision", "recall"];
    texts
        .iter()
        .map(|t| {
            let wrong = || {
                let names = NAMES.join(", ");
                Failure::new(
                    lang,
                    WRONG,
                    &format!(
                        "«{t}» no es un mínimo. Escríbalo como kappa=0.55, con un número de 0 a 1; medidas: {names}"
                    ),
                    &format!("'{t}' is no floor. Write it as kappa=0.55, with a number from 0 to 1; figures: {names}"),
                )
            };
            let (name, value) = t.split_once('=').ok_or_else(wrong)?;
            let value = range::share(value.trim().parse().ok()).ok_or_else(wrong)?;
            NAMES
                .contains(&name.trim())
                .then(|| (name.trim().to_owned(), value))
                .ok_or_else(wrong)
        })
        .collect()
}

/// Figures a portal and in all, reach, and every disagreement.
fn told(measured: &[Measured], all: &Agreement) -> String {
    let mut text = String::new();
    for m in measured {
        let reach = m.reach.found as f64 / m.reach.all.max(1) as f64;
        let reach = format!("reach={reach:.2} ({}/{})", m.reach.found, m.reach.all);
        match &m.compared {
            Some(c) => {
                let _ = writeln!(text, "{} {reach}", line(&m.portal, &Agreement::of([c])));
            }
            None => {
                let _ = writeln!(text, "{:28} (sin etiquetas) {reach}", m.portal);
            }
        }
    }
    let _ = writeln!(text, "{}\n", line("ALL", all));
    for m in measured {
        let _ = writeln!(text, "{}", m.portal);
        if let Some(compared) = &m.compared {
            for row in compared.rows.iter().filter(|r| r.classes.is_none_or(|(a, b)| a != b)) {
                let found = row.found.map_or("—", crate::model::Status::as_str);
                let _ = writeln!(
                    text,
                    "  {:<10} persona: {:<12} veedor: {found}",
                    row.obligation, row.labelled
                );
            }
        }
        for limit in &m.findings.crawl.limits {
            let _ = writeln!(text, "  límite: {limit}");
        }
        for path in m.reach.missed.iter().take(5) {
            let _ = writeln!(text, "  no alcanzado (ninguna página alcanzada lo enlaza): {path}");
        }
        if m.reach.missed.len() > 5 {
            let _ = writeln!(text, "  … y {} más", m.reach.missed.len() - 5);
        }
    }
    text
}

fn line(name: &str, a: &Agreement) -> String {
    format!(
        "{name:28} n={:3} decided={:.2} acc={:.3} kappa={:.3} P={:.3} R={:.3} F1={:.3} evidence={}/{}",
        a.labelled, a.decided, a.accuracy, a.kappa, a.precision, a.recall, a.f1, a.evidence.0, a.evidence.1
    )
}
