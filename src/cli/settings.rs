//! Settings in layers: defaults, the settings file, the arguments.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::args::{Common, Crawling, Judge, LangArg, Who};
use super::documents;
use super::range;
use super::tell::{self, Failure, WRONG};
use crate::audit::{Judging, subject_of};
use crate::crawl::CrawlPlan;
use crate::files;
use crate::model::{Subject, SubjectKind};
use crate::report::{Context, Lang};
use crate::text::url::normalize;

/// Largest settings file, in bytes.
const LARGEST: u64 = 1 << 20;

/// A settings file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    out: Option<PathBuf>,
    rate: Option<f64>,
    connections: Option<usize>,
    user_agent: Option<String>,
    allow_private: Vec<String>,
    max_pages: Option<u64>,
    max_seconds: Option<u64>,
    packs: Vec<String>,
    format: Vec<String>,
    rules: Vec<PathBuf>,
}

/// What `veedor init` writes.
pub(super) const TEMPLATE: &str =
    "# Ajustes de Veedor. Quite el # de lo que quiera cambiar; los argumentos de la orden mandan sobre este archivo.
# Carpeta donde se guardan los expedientes
out: expedientes
# Peticiones por segundo y servidor, y conexiones a la vez
rate: 1.0
connections: 2
# Cómo se presenta el programa: ponga un contacto
#user_agent: veedor (transparencia@municipio.gob.mx)
# Direcciones privadas que se permite consultar
#allow_private: [127.0.0.1:8080]
# Límites de una captura
#max_pages: 20000
#max_seconds: 28800
# Paquetes de reglas; sin ellos, los vigentes en la fecha
#packs: [mx-lgtaip-2025]
format: [html, csv]
# Reglas propias
#rules: [mis-reglas]
";

/// Reads the settings file, if there is one.
pub(super) fn read(common: &Common) -> Result<Settings, Failure> {
    let path = match &common.config {
        Some(path) => path.clone(),
        None if Path::new("veedor.yaml").exists() => PathBuf::from("veedor.yaml"),
        None => return Ok(Settings::default()),
    };
    let text = files::read_text(&path, LARGEST).map_err(|e| tell::io(&path, &e, common.lang))?;
    let settings: Settings = serde_saphyr::from_str(&text).map_err(|e| {
        let e = e.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        let keys = "out, rate, connections, user_agent, allow_private, max_pages, max_seconds, packs, format, rules";
        Failure::new(
            common.lang,
            WRONG,
            &format!(
                "el archivo de ajustes {} no se puede leer:\n{e}\n  Claves válidas: {keys}",
                path.display()
            ),
            &format!(
                "the settings file {} cannot be read:\n{e}\n  Valid keys: {keys}",
                path.display()
            ),
        )
    })?;
    settings.within(&path, common.lang)?;
    Ok(settings)
}

impl Settings {
    /// Refuses values that the arguments would refuse too.
    fn within(&self, path: &Path, lang: LangArg) -> Result<(), Failure> {
        let budget = |n: Option<u64>| n.is_none() || range::budget(n).is_some();
        let checks = [
            (
                "rate",
                self.rate.is_none() || range::rate(self.rate).is_some(),
                range::RATE,
            ),
            (
                "connections",
                self.connections.is_none() || range::connections(self.connections).is_some(),
                range::CONNECTIONS,
            ),
            ("max_pages", budget(self.max_pages), range::BUDGET),
            ("max_seconds", budget(self.max_seconds), range::BUDGET),
            (
                "allow_private",
                self.allow_private.iter().all(|h| range::host(h).is_some()),
                range::HOST,
            ),
        ];
        let Some((key, _, valid)) = checks.into_iter().find(|(_, good, _)| !good) else {
            return Ok(());
        };
        let (path, valid) = (path.display(), range::said(valid, lang));
        Err(Failure::new(
            lang,
            WRONG,
            &format!("{path}: el valor de «{key}» no es válido; valores válidos: {valid}"),
            &format!("{path}: the value of '{key}' is not valid; valid values: {valid}"),
        ))
    }

    /// Rules beside those included.
    pub(super) fn rules(&self, common: &Common) -> Vec<PathBuf> {
        self.rules.iter().chain(&common.rules).cloned().collect()
    }

    /// Where cases are kept.
    pub(super) fn out(&self, who: &Who) -> PathBuf {
        who.out
            .clone()
            .or_else(|| self.out.clone())
            .unwrap_or_else(|| PathBuf::from("expedientes"))
    }

    /// The crawl.
    pub(super) fn plan(&self, url: &str, args: &Crawling) -> CrawlPlan {
        let mut plan = CrawlPlan::new(url);
        if let Some(rate) = args.rate.or(self.rate) {
            plan.rate = Some(rate);
        }
        if args.no_rate {
            plan.rate = None;
        }
        if let Some(n) = args.connections.or(self.connections) {
            plan.connections = n;
        }
        if let Some(agent) = args.user_agent.as_ref().or(self.user_agent.as_ref()) {
            plan.user_agent = agent.chars().filter(|c| !c.is_control()).collect();
        }
        plan.obey_robots = !args.ignore_robots;
        plan.allow_private = self.allow_private.iter().chain(&args.allow_private).cloned().collect();
        plan.same_as = args
            .same_as
            .iter()
            .map(|h| {
                h.trim_start_matches("https://")
                    .trim_start_matches("http://")
                    .trim_end_matches('/')
                    .trim_start_matches("www.")
                    .to_lowercase()
            })
            .collect();
        plan.max_pages = args.max_pages.or(self.max_pages).unwrap_or(plan.max_pages);
        plan.max_seconds = args.max_seconds.or(self.max_seconds).unwrap_or(plan.max_seconds);
        plan.max_bytes = args.max_bytes.unwrap_or(plan.max_bytes);
        plan.max_depth = args.max_depth.unwrap_or(plan.max_depth);
        plan
    }

    /// Packs, date and formats.
    pub(super) fn judging(&self, args: &Judge, lang: LangArg) -> Result<Judging, Failure> {
        if let Some(on) = &args.on {
            date(on, lang)?;
        }
        let pick = |given: &[String], set: &[String], or: &[&str]| -> Vec<String> {
            if !given.is_empty() {
                given.to_vec()
            } else if !set.is_empty() {
                set.to_vec()
            } else {
                or.iter().map(|s| (*s).to_owned()).collect()
            }
        };
        Ok(Judging {
            packs: pick(&args.packs, &self.packs, &[]),
            on: args.on.clone(),
            formats: pick(&args.format, &self.format, &["html", "csv", "terminal"]),
            context: Context {
                lang: report_lang(lang),
                ..Context::default()
            },
            readers: documents::readers(),
        })
    }

    /// Who is audited.
    pub(super) fn subject(url: &str, who: &Who, lang: LangArg) -> Result<Subject, Failure> {
        let entry = normalize(url).map_err(|e| tell::url(&e, lang))?;
        let mut subject = subject_of(&entry);
        if let Some(id) = &who.id {
            subject.id.clone_from(id);
            let key = id.len() == 5 && id.chars().all(|c| c.is_ascii_digit());
            subject.state = key.then(|| id[..2].to_owned());
        }
        if let Some(name) = &who.name {
            subject.name.clone_from(name);
        }
        subject.kind = who.kind.unwrap_or(SubjectKind::Municipality);
        Ok(subject)
    }
}

/// A date as typed.
pub(super) fn date(text: &str, lang: LangArg) -> Result<jiff::civil::Date, Failure> {
    let wrong = || {
        Failure::new(
            lang,
            WRONG,
            &format!("«{text}» no es una fecha. Escríbala como AAAA-MM-DD, por ejemplo 2025-03-21."),
            &format!("'{text}' is no date. Write it as YYYY-MM-DD, like 2025-03-21."),
        )
    };
    if text.len() != 10 {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// Language of reports.
pub(super) fn report_lang(lang: LangArg) -> Lang {
    match lang {
        LangArg::Es => Lang::Es,
        LangArg::En => Lang::En,
    }
}
