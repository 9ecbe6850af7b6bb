//! Arguments. The doc comments are the Spanish help; the English one is in `help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::range;
use crate::model::SubjectKind;

/// A share from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    range::share(text.parse().ok()).ok_or_else(|| range::SHARE.to_owned())
}

/// Requests a second.
fn rate(text: &str) -> Result<f64, String> {
    range::rate(text.parse().ok()).ok_or_else(|| range::RATE.to_owned())
}

/// Connections at once.
fn connections(text: &str) -> Result<usize, String> {
    range::connections(text.parse().ok()).ok_or_else(|| range::CONNECTIONS.to_owned())
}

/// A budget: at least one.
fn budget(text: &str) -> Result<u64, String> {
    range::budget(text.parse().ok()).ok_or_else(|| range::BUDGET.to_owned())
}

/// Clicks from the entry.
fn depth(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| range::DEPTH.to_owned())
}

/// A host with or without port.
fn host(text: &str) -> Result<String, String> {
    range::host(text).ok_or_else(|| range::HOST.to_owned())
}

/// Language of messages, help and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LangArg {
    Es,
    En,
}

/// Audita la transparencia pública: captura un portal, revisa sus obligaciones y escribe un diagnóstico
#[derive(Debug, Parser)]
#[command(name = "veedor", version, propagate_version = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Args)]
pub(super) struct Common {
    /// Idioma de mensajes, ayuda e informes: es o en
    #[arg(
        long,
        global = true,
        value_enum,
        env = "VEEDOR_LANG",
        default_value = "es",
        hide_env = true,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) lang: LangArg,
    /// Archivo de ajustes (YAML); si no se indica, veedor.yaml de la carpeta actual
    #[arg(long, global = true, value_name = "ARCHIVO")]
    pub(super) config: Option<PathBuf>,
    /// Reglas propias: archivos o carpetas que se agregan a las incluidas
    #[arg(long, global = true, value_name = "RUTA")]
    pub(super) rules: Vec<PathBuf>,
    /// Sólo errores
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// Más detalle
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
    /// Sin barra de avance
    #[arg(long, global = true)]
    pub(super) no_progress: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Audita los portales de ejemplo incluidos y escribe sus informes
    Demo(DemoArgs),
    /// Captura, evalúa e informa sobre un sujeto
    Audit(AuditArgs),
    /// Sólo captura: guarda la evidencia en un expediente
    Crawl(CrawlOnlyArgs),
    /// Evalúa un expediente ya capturado
    Evaluate(EvaluateArgs),
    /// Vuelve a escribir los informes de un expediente evaluado
    Report(ReportArgs),
    /// Hace un expediente con archivos locales
    Import(ImportArgs),
    /// Explica por qué se juzgó así una obligación de un expediente
    Explain(ExplainArgs),
    /// Comprueba que nada de un expediente fue alterado
    Verify(VerifyArgs),
    /// Revisa libros de cálculo contra los formatos oficiales, antes de subirlos
    Lint(LintArgs),
    /// Consulta, revisa y prueba las reglas
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Imprime un esquema JSON
    Schema(SchemaArgs),
    /// Escribe un archivo de ajustes para empezar
    Init(InitArgs),
    /// Imprime el autocompletado de una consola
    Completions(CompletionsArgs),
    /// Imprime la página de manual
    Man,
}

#[derive(Debug, Args)]
pub(super) struct Judge {
    /// Paquetes de reglas, separados por comas; si no se indican, los vigentes en la fecha
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(super) packs: Vec<String>,
    /// Fecha con que se evalúa (AAAA-MM-DD); si no se indica, la de la captura
    #[arg(long, value_name = "FECHA")]
    pub(super) on: Option<String>,
    /// Formatos de informe: html, csv, json, terminal
    #[arg(long, value_name = "FORMATO", value_delimiter = ',')]
    pub(super) format: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Crawling {
    /// Peticiones por segundo y servidor
    #[arg(long, value_name = "N", value_parser = rate)]
    pub(super) rate: Option<f64>,
    /// Sin pausas entre peticiones: sólo para servidores propios
    #[arg(long, conflicts_with = "rate")]
    pub(super) no_rate: bool,
    /// Conexiones a la vez por servidor
    #[arg(long, value_name = "N", value_parser = connections)]
    pub(super) connections: Option<usize>,
    /// Cómo se presenta el programa; indique un contacto
    #[arg(long, value_name = "TEXTO")]
    pub(super) user_agent: Option<String>,
    /// No obedecer robots.txt (sólo autoridades; el informe lo dirá)
    #[arg(long)]
    pub(super) ignore_robots: bool,
    /// Permite consultar una dirección privada: SERVIDOR o SERVIDOR:PUERTO
    #[arg(long, value_name = "SERVIDOR", value_parser = host)]
    pub(super) allow_private: Vec<String>,
    /// Otro nombre del mismo servidor: los enlaces a él se buscan en la dirección auditada (copias de prueba de un portal)
    #[arg(long, value_name = "SERVIDOR")]
    pub(super) same_as: Vec<String>,
    /// Máximo de respuestas
    #[arg(long, value_name = "N", value_parser = budget)]
    pub(super) max_pages: Option<u64>,
    /// Máximo de segundos
    #[arg(long, value_name = "N", value_parser = budget)]
    pub(super) max_seconds: Option<u64>,
    /// Máximo de bytes recibidos
    #[arg(long, value_name = "N", value_parser = budget)]
    pub(super) max_bytes: Option<u64>,
    /// Máximo de clics desde la entrada
    #[arg(long, value_name = "N", value_parser = depth)]
    pub(super) max_depth: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct Who {
    /// Identificador del sujeto (clave INEGI); si no se indica, el nombre del servidor
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<String>,
    /// Nombre oficial del sujeto
    #[arg(long, value_name = "NOMBRE")]
    pub(super) name: Option<String>,
    /// Tipo de sujeto: municipio, organo-estatal, organismo-operador, congreso, tribunal
    #[arg(long, value_enum, value_name = "TIPO", hide_possible_values = true)]
    pub(super) kind: Option<SubjectKind>,
    /// Carpeta donde se guardan los expedientes
    #[arg(long, value_name = "CARPETA")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Carpeta donde se guardan los expedientes
    #[arg(
        long,
        value_name = "CARPETA",
        default_value = "veedor-demo",
        hide_default_value = true
    )]
    pub(super) out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Dirección del portal
    #[arg(value_name = "DIRECCIÓN")]
    pub(super) url: String,
    #[command(flatten)]
    pub(super) who: Who,
    #[command(flatten)]
    pub(super) crawling: Crawling,
    #[command(flatten)]
    pub(super) judge: Judge,
    /// Termina con código 1 si la calificación (0 a 1) queda por debajo
    #[arg(long, value_name = "N", value_parser = share)]
    pub(super) fail_under: Option<f64>,
}

#[derive(Debug, Args)]
pub(super) struct CrawlOnlyArgs {
    /// Dirección del portal
    #[arg(value_name = "DIRECCIÓN")]
    pub(super) url: String,
    #[command(flatten)]
    pub(super) who: Who,
    #[command(flatten)]
    pub(super) crawling: Crawling,
}

#[derive(Debug, Args)]
pub(super) struct EvaluateArgs {
    /// Carpeta del expediente
    #[arg(value_name = "EXPEDIENTE")]
    pub(super) case: PathBuf,
    #[command(flatten)]
    pub(super) judge: Judge,
    /// Termina con código 1 si la calificación (0 a 1) queda por debajo
    #[arg(long, value_name = "N", value_parser = share)]
    pub(super) fail_under: Option<f64>,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Carpeta del expediente
    #[arg(value_name = "EXPEDIENTE")]
    pub(super) case: PathBuf,
    /// Formatos de informe: html, csv, json, terminal
    #[arg(long, value_name = "FORMATO", value_delimiter = ',')]
    pub(super) format: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Carpeta con los archivos
    #[arg(value_name = "CARPETA", required_unless_present = "urls")]
    pub(super) dir: Option<PathBuf>,
    /// Dirección que tendrán (o tenían) en línea
    #[arg(long, value_name = "URL")]
    pub(super) base_url: String,
    /// Tabla de direcciones: url_path, file, status, content_type, separados por tabuladores
    #[arg(long, value_name = "TSV", conflicts_with = "dir")]
    pub(super) urls: Option<PathBuf>,
    /// Página donde empieza el ciudadano, si no es la raíz
    #[arg(long, value_name = "RUTA")]
    pub(super) entry: Option<String>,
    #[command(flatten)]
    pub(super) who: Who,
    #[command(flatten)]
    pub(super) judge: Judge,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Carpeta del expediente
    #[arg(value_name = "EXPEDIENTE")]
    pub(super) case: PathBuf,
    /// Obligación, como mx-lgtaip-2025:65.I
    #[arg(value_name = "OBLIGACIÓN")]
    pub(super) obligation: String,
    #[command(flatten)]
    pub(super) judge: Judge,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Carpeta del expediente
    #[arg(value_name = "EXPEDIENTE")]
    pub(super) case: PathBuf,
    /// Sello que se anotó al auditar: si no es el del expediente, fue sellado de nuevo
    #[arg(long, value_name = "SHA-256")]
    pub(super) seal: Option<String>,
}

/// From which level on `lint` exits with code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
}

#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Libros (xlsx, xlsm, xls, xlsb, ods), tablas (csv, tsv) o carpetas con ellos
    #[arg(required = true, value_name = "ARCHIVO")]
    pub(super) files: Vec<PathBuf>,
    /// Formato con que se revisan; si no se indica, el que se reconozca
    #[arg(long = "as", value_name = "ID")]
    pub(super) format_id: Option<String>,
    /// Cómo se informa: text, json, sarif, junit
    #[arg(long, value_name = "FORMATO", default_value = "text", hide_default_value = true)]
    pub(super) format: String,
    /// Nombre del sujeto obligado, para reconocer notas copiadas de otro
    #[arg(long, value_name = "NOMBRE")]
    pub(super) subject: Option<String>,
    /// Fecha con que se revisa (AAAA-MM-DD); si no se indica, hoy
    #[arg(long, value_name = "FECHA")]
    pub(super) on: Option<String>,
    /// Nivel desde el que termina con código 1: error o warning (avisos también)
    #[arg(
        long,
        value_enum,
        value_name = "NIVEL",
        default_value = "error",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) fail_on: FailOn,
}

#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Lista los paquetes y sus obligaciones, o los formatos
    List {
        /// Paquete, o «formats»; si no se indica, todos los paquetes
        #[arg(value_name = "PAQUETE")]
        pack: Option<String>,
    },
    /// Muestra una obligación o un formato con sus fuentes
    Show {
        /// Obligación, como mx-lgtaip-2025:65.I, o formato, como ltg2018-70.II.a
        #[arg(value_name = "OBLIGACIÓN|FORMATO")]
        id: String,
    },
    /// Revisa las reglas y dice todos sus problemas
    Lint {
        /// Archivos o carpetas
        #[arg(value_name = "RUTA")]
        paths: Vec<PathBuf>,
    },
    /// Mide el acuerdo con portales juzgados por personas
    Test {
        /// Carpeta con portales: urls.tsv y LABELS.tsv o TRUTH.tsv
        #[arg(value_name = "CARPETA")]
        dir: PathBuf,
        /// Paquetes de reglas, separados por comas
        #[arg(
            long,
            value_name = "ID",
            value_delimiter = ',',
            default_value = "mx-lgtaip-2015",
            hide_default_value = true
        )]
        packs: Vec<String>,
        /// Mínimos, como kappa=0.55,f1=0.60,decided=0.85; si no se alcanzan, código 1
        #[arg(long, value_name = "MEDIDA=N", value_delimiter = ',')]
        floor: Vec<String>,
        /// Carpeta donde quedan los expedientes y, por portal, sus hallazgos
        #[arg(
            long,
            value_name = "CARPETA",
            default_value = "veedor-test",
            hide_default_value = true
        )]
        out: PathBuf,
    },
    /// Imprime el esquema JSON de los archivos de reglas
    Schema,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum SchemaKind {
    Findings,
    Rules,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// De qué: findings (hallazgos) o rules (reglas)
    #[arg(value_enum, value_name = "QUÉ", hide_possible_values = true)]
    pub(super) of: SchemaKind,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Archivo que se escribe
    #[arg(value_name = "ARCHIVO", default_value = "veedor.yaml", hide_default_value = true)]
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// Consola: bash, zsh, fish, elvish, powershell
    #[arg(value_enum, value_name = "CONSOLA", hide_possible_values = true)]
    pub(super) shell: clap_complete::Shell,
}
