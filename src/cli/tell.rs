//! Errors as people read them: what, where, how to mend it; and their exit codes.

use std::fmt::Write;

use super::args::LangArg;
use crate::archive::{ArchiveError, TableProblem};
use crate::audit::AuditError;
use crate::crawl::CrawlError;
use crate::files::Unfit;
use crate::measure::{LabelsError, LineProblem, MeasureError, STATUSES};
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
    let (_, cause, mend) = UNREACHABLE
        .iter()
        .find(|(c, ..)| c.split(' ').any(|c| c == code))
        .unwrap_or(&UNREACHABLE[0]);
    let pick = |(es, en): &(&'static str, &'static str)| if lang == LangArg::Es { *es } else { *en };
    let (cause, detail) = (pick(cause), detail.trim());
    let cause = if detail.is_empty() {
        cause.to_owned()
    } else {
        format!("{cause} ({detail})")
    };
    (cause, pick(mend))
}

/// A text in Spanish and in English.
type Both = (&'static str, &'static str);

/// Fetch statuses, what they mean for an entry, and what to do; the first for all others.
const UNREACHABLE: &[(&str, Both, Both)] = &[
    (
        "bad_response",
        ("no contestó como un sitio web", "it did not answer like a web site"),
        (
            "Revise la dirección, e intente más tarde.",
            "Check the address, and try later.",
        ),
    ),
    (
        "dns_error",
        (
            "el nombre del servidor no existe o no se resuelve",
            "the host's name does not exist or does not resolve",
        ),
        (
            "Revise la dirección y la conexión a Internet.",
            "Check the address and the connection.",
        ),
    ),
    (
        "tls_error",
        ("su certificado no se pudo verificar", "its certificate does not verify"),
        (
            "Informe al titular del portal; si sólo funciona sin https, use una dirección http://.",
            "Tell the portal's owner; if it works without https only, use an http:// address.",
        ),
    ),
    (
        "connect_error",
        ("no hubo conexión", "no connection"),
        (
            "Revise la dirección y el puerto, e intente más tarde.",
            "Check address and port, and try later.",
        ),
    ),
    (
        "timeout too_slow truncated",
        ("no contestó entero a tiempo", "it did not answer wholly in time"),
        ("Intente más tarde.", "Try later."),
    ),
    (
        "rate_limited",
        (
            "el servidor pide esperar antes de consultarlo",
            "the server asks to wait before it is requested",
        ),
        (
            "Intente más tarde, con menos peticiones por segundo (--rate 0.2).",
            "Try later, with fewer requests a second (--rate 0.2).",
        ),
    ),
    (
        "server_error",
        ("el servidor falló", "the server failed"),
        (
            "Intente más tarde; si se repite, informe al titular del portal.",
            "Try later; if it goes on, tell the portal's owner.",
        ),
    ),
    (
        "client_error",
        ("esa página no existe", "there is no such page"),
        (
            "Revise la dirección; puede empezar por la portada del sitio.",
            "Check the address; the site's home page is a good start.",
        ),
    ),
    (
        "too_large",
        ("su portada es demasiado grande", "its home page is too large"),
        (
            "Empiece por otra página del sitio.",
            "Begin at another page of the site.",
        ),
    ),
    (
        "redirected",
        (
            "redirige una y otra vez, o fuera del sitio",
            "it redirects on and on, or away",
        ),
        (
            "Abra la dirección en un navegador y use aquella a la que llegue.",
            "Open the address in a browser and use the one where it ends.",
        ),
    ),
    (
        "redirect_refused",
        (
            "redirige a una dirección privada, que no se consulta",
            "it redirects to a private address, which is never requested",
        ),
        (
            "Avise al titular del portal: su servidor envía a una dirección interna.",
            "Tell the portal's owner: its server sends visitors to an internal address.",
        ),
    ),
    (
        "address_refused",
        ("es una dirección privada", "it is a private address"),
        (
            "Si es su propio servidor, permítalo con --allow-private SERVIDOR:PUERTO.",
            "If it is your own server, allow it with --allow-private HOST:PORT.",
        ),
    ),
    (
        "robots_disallowed",
        (
            "robots.txt pide no consultarlo, o no se pudo leer",
            "robots.txt forbids it, or could not be read",
        ),
        (
            "Una autoridad puede usar --ignore-robots; el informe lo dirá.",
            "An authority may use --ignore-robots; the report will say so.",
        ),
    ),
    (
        "blocked",
        ("el servidor niega el acceso", "the server denies access"),
        (
            "No es un incumplimiento. Pida acceso al titular o capture a mano e importe con «veedor import».",
            "This is no breach. Ask its owner for access, or save it by hand and use 'veedor import'.",
        ),
    ),
];

/// Prints a remark that ends nothing.
pub(super) fn note(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes());
}

/// Tells of a measurement's error.
pub(super) fn measure(error: &MeasureError, lang: LangArg) -> Failure {
    match error {
        MeasureError::Audit(e) => audit(e, lang),
        MeasureError::Labels(LabelsError::Io { path, source }) => io(path, source, lang),
        MeasureError::Labels(LabelsError::Column { path, column }) => Failure::new(
            lang,
            WRONG,
            &format!(
                "{}, renglón 1: falta la columna «{column}»; las columnas se separan con tabuladores",
                path.display()
            ),
            &error.to_string(),
        ),
        MeasureError::Labels(LabelsError::Line { path, line, why }) => {
            let what = match why {
                LineProblem::Status(text) => format!("«{text}» no es una situación; hay: {STATUSES}"),
                LineProblem::Obligation(id) => {
                    format!("ningún paquete tiene la obligación «{id}»; «veedor rules list PAQUETE» las enumera")
                }
                LineProblem::Repeated(id) => format!("la obligación «{id}» ya se juzgó en un renglón anterior"),
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
        ArchiveError::Io { path, source }
            if source.kind() == std::io::ErrorKind::NotFound && path.to_string_lossy().ends_with(".warc.gz") =>
        {
            Failure::new(
                lang,
                WRONG,
                &format!(
                    "{} falta, y sin él no hay evidencia. Devuélvalo de una copia, o borre ese expediente y repita la orden para capturar de nuevo.",
                    path.display()
                ),
                &format!(
                    "{} is missing, and without it there is no evidence. Put it back from a copy, or delete that case and repeat the command to crawl anew.",
                    path.display()
                ),
            )
        }
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
                "{file} falta o no es el que se selló en {}; no se usó el expediente ni se escribió nada.\n  «veedor verify {}» dice qué más fue alterado; trabaje con una copia íntegra.",
                dir.display(),
                dir.display()
            ),
            &format!(
                "{file} is missing or not the one sealed in {}; the case was not used and nothing was written.\n  'veedor verify {}' tells what else was altered; work with an intact copy.",
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
    let (es, en, code) = cause(source);
    Failure::new(
        lang,
        code,
        &format!("{}: {es}", path.display()),
        &format!("{}: {en}", path.display()),
    )
}

/// Why a file failed and what to do, in Spanish and in English; and the exit code.
pub(super) fn cause(source: &std::io::Error) -> (String, String, u8) {
    use std::io::ErrorKind;
    let (es, en, code) = match (Unfit::of(source), source.kind()) {
        (Some(Unfit::TooLarge(limit)), _) => {
            return (
                format!("tiene más de {limit} bytes, el máximo"),
                format!("it has over {limit} bytes, the limit"),
                WRONG,
            );
        }
        (Some(Unfit::Special), _) => (
            "no es un archivo común, sino un dispositivo o una tubería; indique un archivo",
            "it is no regular file but a device or a pipe; name a file",
            WRONG,
        ),
        (Some(Unfit::NotText(_)), _) => (
            "no es texto en UTF-8; guárdelo con esa codificación",
            "it is no UTF-8 text; save it in that encoding",
            WRONG,
        ),
        (Some(Unfit::Folder), _) | (None, ErrorKind::IsADirectory) => (
            "es una carpeta; indique un archivo",
            "it is a folder; name a file",
            WRONG,
        ),
        (None, ErrorKind::NotADirectory | ErrorKind::AlreadyExists) => (
            "hay un archivo donde debe haber una carpeta; indique una carpeta (con --out, si es la de los expedientes)",
            "there is a file where a folder must be; name a folder (with --out, if it is the one for case files)",
            WRONG,
        ),
        (None, ErrorKind::NotFound) => ("no existe", "it does not exist", WRONG),
        (None, ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => (
            "no hay permiso. Cambie los permisos o elija otra carpeta con --out; si ya se había capturado algo, queda guardado y la misma orden continúa",
            "no permission. Change it or choose another folder with --out; if something was captured before, it is kept and the same command goes on",
            WRONG,
        ),
        (None, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge) => (
            "el disco está lleno; libere espacio y repita la orden: lo hecho queda guardado, y continúa donde quedó",
            "the disk is full; make room and repeat the command: what was done is kept, and it goes on from there",
            UNFINISHED,
        ),
        (None, _) => {
            return (
                format!("no se pudo leer o escribir ({source}). Lo hecho queda guardado; repita la orden"),
                format!("{source}. What was done is kept; repeat the command"),
                UNFINISHED,
            );
        }
    };
    (es.to_owned(), en.to_owned(), code)
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
