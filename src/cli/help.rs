//! The command with its help in the reader's language.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory};

use super::args::{Cli, LangArg};
use super::range;

/// English help by Spanish help: one row a text.
const ENGLISH: &[(&str, &str)] = &[
    (
        "Audita la transparencia pública: captura un portal, revisa sus obligaciones y escribe un diagnóstico",
        "Audits public transparency: crawls a portal, checks its obligations and writes a diagnosis",
    ),
    (
        "Idioma de mensajes, ayuda e informes: es o en",
        "Language of messages, help and reports: es or en",
    ),
    (
        "Archivo de ajustes (YAML); si no se indica, veedor.yaml de la carpeta actual",
        "Settings file (YAML); veedor.yaml of the current folder by default",
    ),
    (
        "Reglas propias: archivos o carpetas que se agregan a las incluidas",
        "Own rules: files or folders added to those included",
    ),
    ("Sólo errores", "Errors only"),
    ("Más detalle", "More detail"),
    ("Sin barra de avance", "No progress bar"),
    (
        "Audita los portales de ejemplo incluidos y escribe sus informes",
        "Audits the embedded example portals and writes their reports",
    ),
    (
        "Captura, evalúa e informa sobre un sujeto",
        "Crawls, evaluates and reports on one subject",
    ),
    (
        "Sólo captura: guarda la evidencia en un expediente",
        "Crawls only: keeps the evidence in a case file",
    ),
    ("Evalúa un expediente ya capturado", "Evaluates a case file"),
    (
        "Vuelve a escribir los informes de un expediente evaluado",
        "Writes the reports of an evaluated case file again",
    ),
    (
        "Hace un expediente con archivos locales",
        "Makes a case file of local files",
    ),
    (
        "Obligación, como mx-lgtaip-2025:65.I",
        "Obligation, like mx-lgtaip-2025:65.I",
    ),
    (
        "Explica por qué se juzgó así una obligación de un expediente",
        "Explains why an obligation of a case file was judged as it was",
    ),
    (
        "Comprueba que nada de un expediente fue alterado",
        "Checks that nothing in a case file was altered",
    ),
    (
        "Revisa libros de cálculo contra los formatos oficiales, antes de subirlos",
        "Checks workbooks against the official formats before they are uploaded",
    ),
    (
        "Libros (xlsx, xlsm, xls, xlsb, ods), tablas (csv, tsv) o carpetas con ellos",
        "Workbooks (xlsx, xlsm, xls, xlsb, ods), tables (csv, tsv) or folders with them",
    ),
    (
        "Formato con que se revisan; si no se indica, el que se reconozca",
        "Format to check against; the one recognised by default",
    ),
    (
        "Cómo se informa: text, json, sarif, junit",
        "How to report: text, json, sarif, junit",
    ),
    (
        "Nombre del sujeto obligado, para reconocer notas copiadas de otro",
        "Name of the subject, to recognise notes copied from another",
    ),
    (
        "Fecha con que se revisa (AAAA-MM-DD); si no se indica, hoy",
        "Date of the check (YYYY-MM-DD); today by default",
    ),
    (
        "Nivel desde el que termina con código 1: error o warning (avisos también)",
        "Level from which the exit code is 1: error or warning",
    ),
    (
        "Consulta, revisa y prueba las reglas",
        "Lists, checks and tests the rules",
    ),
    ("Imprime un esquema JSON", "Prints a JSON Schema"),
    (
        "Escribe un archivo de ajustes para empezar",
        "Writes a settings file to begin with",
    ),
    (
        "Imprime el autocompletado de una consola",
        "Prints completions for a shell",
    ),
    ("Imprime la página de manual", "Prints the manual page"),
    (
        "Paquetes de reglas, separados por comas; si no se indican, los vigentes en la fecha",
        "Rule packs, separated by commas; those in force on the date by default",
    ),
    (
        "Fecha con que se evalúa (AAAA-MM-DD); si no se indica, la de la captura",
        "Date of evaluation (YYYY-MM-DD); that of the crawl by default",
    ),
    (
        "Formatos de informe: html, csv, json, terminal",
        "Report formats: html, csv, json, terminal",
    ),
    ("Peticiones por segundo y servidor", "Requests a second and host"),
    (
        "Sin pausas entre peticiones: sólo para servidores propios",
        "No pauses between requests: for your own servers only",
    ),
    ("Conexiones a la vez por servidor", "Connections at once to a host"),
    (
        "Cómo se presenta el programa; indique un contacto",
        "How the program presents itself; name a contact",
    ),
    (
        "No obedecer robots.txt (sólo autoridades; el informe lo dirá)",
        "Do not obey robots.txt (authorities only; the report will say so)",
    ),
    (
        "Permite consultar una dirección privada: SERVIDOR o SERVIDOR:PUERTO",
        "Allows a private address to be requested: HOST or HOST:PORT",
    ),
    ("Máximo de respuestas", "Most responses"),
    ("Máximo de segundos", "Most seconds"),
    ("Máximo de bytes recibidos", "Most bytes received"),
    ("Máximo de clics desde la entrada", "Most clicks from the entry"),
    (
        "Identificador del sujeto (clave INEGI); si no se indica, el nombre del servidor",
        "Id of the subject (INEGI key); the host's name by default",
    ),
    ("Nombre oficial del sujeto", "Official name of the subject"),
    (
        "Tipo de sujeto: municipio, organo-estatal, organismo-operador, congreso, tribunal",
        "Kind of subject: municipality, state-body, utility, congress, court",
    ),
    (
        "Carpeta donde se guardan los expedientes",
        "Folder where case files are kept",
    ),
    ("Dirección del portal", "Address of the portal"),
    (
        "Sello que se anotó al auditar: si no es el del expediente, fue sellado de nuevo",
        "Seal noted when it was audited: another one says that the case was sealed anew",
    ),
    (
        "Termina con código 1 si la calificación (0 a 1) queda por debajo",
        "Exits with code 1 if the score (0 to 1) is below",
    ),
    ("Carpeta del expediente", "Folder of the case file"),
    ("Carpeta con los archivos", "Folder with the files"),
    (
        "Dirección que tendrán (o tenían) en línea",
        "Address that they will have (or had) online",
    ),
    (
        "Tabla de direcciones: url_path, file, status, content_type, separados por tabuladores",
        "Table of addresses: url_path, file, status, content_type, separated by tabs",
    ),
    (
        "Página donde empieza el ciudadano, si no es la raíz",
        "Page where a citizen begins, if not the root",
    ),
    (
        "Lista los paquetes y sus obligaciones, o los formatos",
        "Lists the packs and their obligations, or the formats",
    ),
    (
        "Paquete, o «formats»; si no se indica, todos los paquetes",
        "Pack, or 'formats'; all packs by default",
    ),
    (
        "Muestra una obligación o un formato con sus fuentes",
        "Shows an obligation or a format with its sources",
    ),
    (
        "Obligación, como mx-lgtaip-2025:65.I, o formato, como ltg2018-70.II.a",
        "Obligation, like mx-lgtaip-2025:65.I, or format, like ltg2018-70.II.a",
    ),
    (
        "Revisa las reglas y dice todos sus problemas",
        "Checks the rules and tells all their problems",
    ),
    ("Archivos o carpetas", "Files or folders"),
    (
        "Mide el acuerdo con portales juzgados por personas",
        "Measures the agreement with portals that people judged",
    ),
    (
        "Carpeta con portales: urls.tsv y LABELS.tsv o TRUTH.tsv",
        "Folder with portals: urls.tsv and LABELS.tsv or TRUTH.tsv",
    ),
    (
        "Paquetes de reglas, separados por comas",
        "Rule packs, separated by commas",
    ),
    (
        "Mínimos, como kappa=0.55,f1=0.60,decided=0.85; si no se alcanzan, código 1",
        "Floors, like kappa=0.55,f1=0.60,decided=0.85; code 1 when not reached",
    ),
    (
        "Carpeta donde quedan los expedientes y, por portal, sus hallazgos",
        "Folder for the case files and each portal's findings",
    ),
    (
        "Imprime el esquema JSON de los archivos de reglas",
        "Prints the JSON Schema of rule files",
    ),
    (
        "De qué: findings (hallazgos) o rules (reglas)",
        "Of what: findings or rules",
    ),
    ("Archivo que se escribe", "File to write"),
    (
        "Otro nombre del mismo servidor: los enlaces a él se buscan en la dirección auditada (copias de prueba de un portal)",
        "Another name of the same host: links to it are looked for at the audited address (test copies of a portal)",
    ),
    ("Muestra esta ayuda", "Shows this help"),
    ("Muestra la versión", "Shows the version"),
    (
        "Consola: bash, zsh, fish, elvish, powershell",
        "Shell: bash, zsh, fish, elvish, powershell",
    ),
];

/// The language asked for by an argument or the environment, before arguments are parsed.
pub(super) fn lang_of(arguments: &[OsString]) -> LangArg {
    let texts: Vec<String> = arguments.iter().map(|a| a.to_string_lossy().into_owned()).collect();
    let given = texts
        .iter()
        .enumerate()
        .find_map(|(n, a)| match a.strip_prefix("--lang") {
            Some("") => texts.get(n + 1).cloned(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        });
    match given.or_else(|| std::env::var("VEEDOR_LANG").ok()).as_deref() {
        Some("en") => LangArg::En,
        _ => LangArg::Es,
    }
}

/// The command in a language.
pub(super) fn command(lang: LangArg) -> Command {
    let command = Cli::command().max_term_width(100);
    match lang {
        LangArg::Es => headings(command),
        LangArg::En => translate(command),
    }
}

/// Flags and headings that the library has in English only.
fn headings(command: Command) -> Command {
    let mut command = own_flags(command)
        .help_template("{about-with-newline}\nUso: {usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("Órdenes")
        .subcommand_value_name("ORDEN");
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { "Argumentos" } else { "Opciones" };
        arg.help_heading(heading)
    });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, headings);
    }
    command
}

/// `--help` and `--version` with a help that can be translated.
fn own_flags(command: Command) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::HelpShort)
        .help("Muestra esta ayuda");
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help("Muestra la versión");
    command
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help)
        .arg(version)
}

/// What clap's errors say, in Spanish; kinds that are not here keep their text.
pub(super) fn spanish(error: &clap::Error) -> Option<String> {
    let value = |kind: ContextKind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("no existe la opción «{}»", value(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => format!("no existe la orden «{}»", value(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("falta: {}", value(ContextKind::InvalidArg).replace('\n', ", ")),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let range = std::error::Error::source(error).map(ToString::to_string);
            let range = range.map(|r| format!("; valores válidos: {}", range::said(&r, LangArg::Es)));
            format!(
                "«{}» no es un valor de «{}»{}",
                value(ContextKind::InvalidValue),
                value(ContextKind::InvalidArg),
                range.unwrap_or_default()
            )
        }
        ErrorKind::ArgumentConflict => {
            format!(
                "«{}» no se puede usar junto con «{}»",
                value(ContextKind::InvalidArg),
                value(ContextKind::PriorArg)
            )
        }
        ErrorKind::MissingSubcommand => "falta la orden".to_owned(),
        _ => return None,
    };
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .iter()
    .map(|k| value(*k))
    .find(|v| !v.is_empty());
    let guess = near.map(|n| format!(" ¿Quiso decir «{n}»?")).unwrap_or_default();
    Some(format!(
        "Error: {what}.{guess}\n  Vea «veedor --help» o «veedor ORDEN --help».\n"
    ))
}

fn translate(command: Command) -> Command {
    let about = command.get_about().map(|a| english(&a.to_string()));
    let mut command = own_flags(command);
    if let Some(about) = about {
        command = command.about(about);
    }
    command = command.mut_args(|arg| {
        let help = arg.get_help().map(|h| english(&h.to_string()));
        match help {
            Some(help) => arg.help(help),
            None => arg,
        }
    });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(name, translate);
    }
    command
}

fn english(spanish: &str) -> String {
    ENGLISH
        .iter()
        .find(|(es, _)| *es == spanish)
        .map_or_else(|| spanish.to_owned(), |(_, en)| (*en).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untold(command: &Command, out: &mut Vec<String>) {
        let known = |text: String| ENGLISH.iter().any(|(es, _)| *es == text);
        let mut check = |text: Option<String>, name: &str| match text {
            Some(text) if known(text.clone()) => {}
            Some(text) => out.push(text),
            None => out.push(format!("{name} has no help")),
        };
        check(command.get_about().map(ToString::to_string), command.get_name());
        for arg in command
            .get_arguments()
            .filter(|a| !matches!(a.get_id().as_str(), "help" | "version"))
        {
            check(arg.get_help().map(ToString::to_string), arg.get_id().as_str());
        }
        for sub in command.get_subcommands() {
            untold(sub, out);
        }
    }

    #[test]
    fn every_help_has_both_languages() {
        let mut out = Vec::new();
        untold(&Cli::command(), &mut out);
        assert_eq!(out, Vec::<String>::new());
        command(LangArg::Es).debug_assert();
        command(LangArg::En).debug_assert();
    }
}
