//! Errors as people read them: what, where, how to mend it; and their exit codes.

use std::fmt::Write;

use super::args::LangArg;
use crate::archive::{ArchiveError, TableProblem};
use crate::audit::AuditError;
use crate::crawl::CrawlError;
use crate::measure::MeasureError;
use crate::rules::RulesError;
use crate::text::url::UrlError;

/// What is printed before exiting.
#[derive(Debug)]
pub(super) struct Failure {
    /// The message.
    pub(super) text: String,
    /// Exit code.
    pub(super) code: u8,
}

/// Wrong use or wrong input file.
pub(super) const WRONG: u8 = 2;
/// Could not finish; what was done is kept.
pub(super) const UNFINISHED: u8 = 3;

impl Failure {
    /// With a text in both languages.
    pub(super) fn new(lang: LangArg, code: u8, es: &str, en: &str) -> Self {
        let (mark, text) = match lang {
            LangArg::Es => ("Error", es),
            LangArg::En => ("Error", en),
        };
        Self {
            text: format!("{mark}: {text}"),
            code,
        }
    }
}

/// Tells of an audit's error.
pub(super) fn audit(error: &AuditError, lang: LangArg) -> Failure {
    match error {
        AuditError::Archive(e) => archive(e, lang),
        AuditError::Rules(e) => rules(e, lang),
        AuditError::Url(e) | AuditError::Crawl(CrawlError::Entry(e)) => url(e, lang),
        AuditError::Crawl(e) => Failure::new(
            lang,
            UNFINISHED,
            &format!("la captura no pudo seguir: {e}. Lo hecho queda guardado."),
            &format!("the crawl could not go on: {e}. What was done is kept."),
        ),
        AuditError::Report(e) => Failure::new(
            lang,
            UNFINISHED,
            &format!("no se pudo escribir un informe: {e}"),
            &format!("a report could not be written: {e}"),
        ),
        AuditError::Io { path, source } => io(path, source, lang),
        AuditError::Runtime(e) => Failure::new(
            lang,
            UNFINISHED,
            &format!("no se pudo iniciar la captura: {e}"),
            &error.to_string(),
        ),
        AuditError::Unreachable { entry, why, dir } => {
            let (cause, mend) = unreachable(why, lang);
            Failure::new(
                lang,
                UNFINISHED,
                &format!(
                    "{entry} no respondió: {cause}.\n  {mend}\n  Lo intentado quedó en {}",
                    dir.display()
                ),
                &format!(
                    "{entry} did not answer: {cause}.\n  {mend}\n  What was tried is in {}",
                    dir.display()
                ),
            )
        }
        AuditError::Interrupted { dir } => Failure::new(
            lang,
            130,
            &format!(
                "interrumpido; lo capturado está en {}\n  Repita la misma orden para continuar donde quedó.",
                dir.display()
            ),
            &format!(
                "interrupted; what was captured is in {}\n  Repeat the same command to go on from there.",
                dir.display()
            ),
        ),
        AuditError::UnknownFormat { name, known } => Failure::new(
            lang,
            WRONG,
            &format!("no hay un formato de informe «{name}»; hay: {known}"),
            &error.to_string(),
        ),
        AuditError::NothingInForce(date) => Failure::new(
            lang,
            WRONG,
            &format!(
                "ningún paquete de reglas estaba vigente el {date}. Indique uno con --packs (vea «veedor rules list»)."
            ),
            &error.to_string(),
        ),
    }
}

/// Cause and remedy of an entry that did not answer, by the fetch status that begins `why`.
fn unreachable(why: &str, lang: LangArg) -> (String, &'static str) {
    let (code, detail) = why.split_once(' ').unwrap_or((why, ""));
    let es = lang == LangArg::Es;
    let pick = |a: &'static str, b: &'static str| if es { a } else { b };
    let (cause, mend) = match code {
        "dns_error" => (
            pick(
                "el nombre del servidor no existe o no se resuelve",
                "the host's name does not exist or does not resolve",
            ),
            pick(
                "Revise la dirección y la conexión a Internet.",
                "Check the address and the connection.",
            ),
        ),
        "tls_error" => (
            pick("su certificado no se pudo verificar", "its certificate does not verify"),
            pick(
                "Informe al titular del portal; si sólo funciona sin https, use una dirección http://.",
                "Tell the portal's owner; if it works without https only, use an http:// address.",
            ),
        ),
        "connect_error" => (
            pick("no hubo conexión", "no connection"),
            pick(
                "Revise la dirección y el puerto, e intente más tarde.",
                "Check address and port, and try later.",
            ),
        ),
        "timeout" => (
            pick("no contestó a tiempo", "it did not answer in time"),
            pick("Intente más tarde.", "Try later."),
        ),
        "address_refused" => (
            pick("es una dirección privada", "it is a private address"),
            pick(
                "Si es su propio servidor, permítalo con --allow-private SERVIDOR:PUERTO.",
                "If it is your own server, allow it with --allow-private HOST:PORT.",
            ),
        ),
        "robots_disallowed" => (
            pick(
                "robots.txt pide no consultarlo, o no se pudo leer",
                "robots.txt forbids it, or could not be read",
            ),
            pick(
                "Una autoridad puede usar --ignore-robots; el informe lo dirá.",
                "An authority may use --ignore-robots; the report will say so.",
            ),
        ),
        "blocked" => (
            pick("el servidor niega el acceso", "the server denies access"),
            pick(
                "No es un incumplimiento. Pida acceso al titular o capture a mano e importe con «veedor import».",
                "This is no breach. Ask its owner for access, or save it by hand and use 'veedor import'.",
            ),
        ),
        _ => (why, pick("Intente más tarde.", "Try later.")),
    };
    let detail = detail.trim();
    let cause = if detail.is_empty() || cause == why {
        cause.to_owned()
    } else {
        format!("{cause} ({detail})")
    };
    (cause, mend)
}

/// Tells of a measurement's error.
pub(super) fn measure(error: &MeasureError, lang: LangArg) -> Failure {
    match error {
        MeasureError::Audit(e) => audit(e, lang),
        MeasureError::Labels(e) => Failure::new(
            lang,
            WRONG,
            &format!("las etiquetas no se pueden leer: {e}"),
            &e.to_string(),
        ),
    }
}

/// Tells of an address that is none.
pub(super) fn url(error: &UrlError, lang: LangArg) -> Failure {
    let es = match error {
        UrlError::Malformed { text, .. } => {
            format!("«{text}» no es una dirección. Escríbala como https://municipio.gob.mx")
        }
        UrlError::Scheme { text, scheme } => {
            format!("«{text}» es una dirección «{scheme}:»; sólo se auditan http y https.")
        }
        UrlError::TooLong(n) => format!("la dirección tiene {n} bytes; es demasiado larga."),
    };
    Failure::new(lang, WRONG, &es, &error.to_string())
}

/// Tells of a case file's error.
pub(super) fn archive(error: &ArchiveError, lang: LangArg) -> Failure {
    match error {
        ArchiveError::Io { path, source } => io(path, source, lang),
        ArchiveError::Exists(path) => Failure::new(
            lang,
            WRONG,
            &format!(
                "{} ya contiene un expediente. Elija otra carpeta con --out.",
                path.display()
            ),
            &error.to_string(),
        ),
        ArchiveError::NotACase(path) => Failure::new(
            lang,
            WRONG,
            &format!(
                "{} no es un expediente: no tiene crawl.jsonl y manifest.json. Indique la carpeta que dijo «veedor audit».",
                path.display()
            ),
            &error.to_string(),
        ),
        ArchiveError::Version { path, found } => Failure::new(
            lang,
            WRONG,
            &format!(
                "{} está en el formato «{found}», que esta versión no lee. Use la versión de Veedor que lo escribió (está en manifest.json, «tool»).",
                path.display()
            ),
            &error.to_string(),
        ),
        ArchiveError::Damaged { path, offset, why } => Failure::new(
            lang,
            UNFINISHED,
            &format!(
                "{} está dañado en el byte {offset}: {why}. «veedor verify» dice qué más fue alterado.",
                path.display()
            ),
            &error.to_string(),
        ),
        ArchiveError::Altered { dir, file } => Failure::new(
            lang,
            WRONG,
            &format!(
                "{file} no es el que se selló en {}; no se usó el expediente ni se escribió nada.\n  «veedor verify {}» dice qué más fue alterado; trabaje con una copia íntegra.",
                dir.display(),
                dir.display()
            ),
            &format!(
                "{file} is not the one sealed in {}; the case was not used and nothing was written.\n  'veedor verify {}' tells what else was altered; work with an intact copy.",
                dir.display(),
                dir.display()
            ),
        ),
        ArchiveError::Locked(path) => Failure::new(
            lang,
            UNFINISHED,
            &format!("otro proceso escribe en {}. Espere a que termine.", path.display()),
            &error.to_string(),
        ),
        ArchiveError::Table { path, line, why } => {
            let what = match why {
                TableProblem::Columns(found) => {
                    format!(
                        "las columnas son «{found}»; deben ser url_path, file, status, content_type, separadas por tabuladores"
                    )
                }
                TableProblem::Count(n) => format!("tiene {n} columnas; deben ser 4, separadas por tabuladores"),
                TableProblem::Address(text) => format!("«{text}» no es una dirección"),
                TableProblem::Status(text) => format!("«{text}» no es un código HTTP, como 200 o 404"),
                TableProblem::Outside(text) => {
                    format!("«{text}» sale de la carpeta de la tabla; ponga los archivos dentro de ella")
                }
            };
            Failure::new(
                lang,
                WRONG,
                &format!("{}, renglón {line}: {what}", path.display()),
                &error.to_string(),
            )
        }
    }
}

/// Tells of a file that failed.
pub(super) fn io(path: &std::path::Path, source: &std::io::Error, lang: LangArg) -> Failure {
    let (es, code) = match source.kind() {
        std::io::ErrorKind::NotFound => ("no existe", WRONG),
        std::io::ErrorKind::PermissionDenied => ("no hay permiso", WRONG),
        std::io::ErrorKind::StorageFull => (
            "el disco está lleno; libere espacio y repita la orden: lo hecho queda guardado",
            UNFINISHED,
        ),
        _ => ("", UNFINISHED),
    };
    let what = if es.is_empty() {
        source.to_string()
    } else {
        es.to_owned()
    };
    Failure::new(
        lang,
        code,
        &format!("{}: {what}", path.display()),
        &format!("{}: {source}", path.display()),
    )
}

/// Tells of wrong rules, all of their problems.
pub(super) fn rules(error: &RulesError, lang: LangArg) -> Failure {
    match error {
        RulesError::Invalid(found) => {
            let mut text = String::new();
            for diagnostic in found {
                let _ = writeln!(text, "{diagnostic}");
            }
            let end = match lang {
                LangArg::Es => format!("Error: {} problema(s) en las reglas; no se usaron.", found.len()),
                LangArg::En => format!("Error: {} problem(s) in the rules; they were not used.", found.len()),
            };
            Failure {
                text: format!("{text}{end}"),
                code: WRONG,
            }
        }
        RulesError::Unreadable { path, source } => io(path, source, lang),
        RulesError::UnknownPack { id, known } => Failure::new(
            lang,
            WRONG,
            &format!("no hay un paquete «{id}»; hay: {known}"),
            &error.to_string(),
        ),
    }
}
