//! The commands but for `rules`.

use std::fmt::Write;
use std::path::Path;

use super::args::{
    AuditArgs, Cli, Command, Common, CrawlOnlyArgs, DemoArgs, EvaluateArgs, ExplainArgs, ImportArgs, Judge, LangArg,
    ReportArgs, SchemaKind, VerifyArgs,
};
use super::settings::{self, Settings, TEMPLATE};
use super::tell::{self, Failure, WRONG};
use super::{documents, help, lint, progress, rules, say};
use crate::archive::{ArchiveError, from_folder, from_table, intact, verify};
use crate::audit::{self, Audited, DEMO_DATE, Judging, never};
use crate::crawl::Cancel;
use crate::files;
use crate::model::{Findings, Score};
use crate::report;
use crate::rules::Library;
use crate::text::url::normalize;

/// Runs a command; its exit code.
pub(super) fn run(cli: Cli, lang: LangArg) -> Result<u8, Failure> {
    let common = &cli.common;
    let settings = settings::read(common)?;
    let library = || Library::load(&settings.rules(common)).map_err(|e| tell::rules(&e, lang));
    match cli.command {
        Command::Demo(args) => demo(&args, &library()?, &settings, common),
        Command::Audit(args) => full(&args, &library()?, &settings, common),
        Command::Crawl(args) => crawl(&args, &library()?, &settings, common),
        Command::Evaluate(args) => evaluate(&args, &library()?, &settings, common),
        Command::Report(args) => again(&args, &settings, common),
        Command::Import(args) => import(&args, &library()?, &settings, common),
        Command::Explain(args) => explain(&args, &library()?, &settings, common),
        Command::Verify(args) => check(&args, lang),
        Command::Lint(args) => lint::run(&args, &library()?, common),
        Command::Rules(command) => rules::run(&command, &settings, common),
        Command::Schema(args) => {
            let schema = match args.of {
                SchemaKind::Findings => report::schema::findings(),
                SchemaKind::Rules => crate::rules::schema(),
            };
            say(&format!("{schema:#}\n"));
            Ok(0)
        }
        Command::Init(args) => init(&args.file, lang),
        Command::Completions(args) => {
            let mut bytes = Vec::new();
            clap_complete::generate(args.shell, &mut help::command(lang), "veedor", &mut bytes);
            say(&String::from_utf8_lossy(&bytes));
            Ok(0)
        }
        Command::Man => {
            let mut bytes = Vec::new();
            clap_mangen::Man::new(help::command(lang))
                .render(&mut bytes)
                .map_err(|e| Failure::new(lang, tell::UNFINISHED, &e.to_string(), &e.to_string()))?;
            say(&String::from_utf8_lossy(&bytes));
            Ok(0)
        }
    }
}

fn demo(args: &DemoArgs, library: &Library, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let mut judging = settings.judging(&no_judge(), common.lang)?;
    judging.on = Some(DEMO_DATE.to_owned());
    let done = audit::demo(&args.out, library, &judging, &progress::listener(common))
        .map_err(|e| tell::audit(&e, common.lang))?;
    for audited in &done {
        say(&format!("{}\n", closing(audited, common.lang)));
    }
    say(match common.lang {
        LangArg::Es => "Son municipios inventados. Para auditar uno real: veedor audit https://…\n",
        LangArg::En => "These municipalities are made up. To audit a real one: veedor audit https://…\n",
    });
    Ok(0)
}

fn no_judge() -> Judge {
    Judge {
        packs: Vec::new(),
        on: None,
        format: Vec::new(),
    }
}

fn full(args: &AuditArgs, library: &Library, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let lang = common.lang;
    let subject = Settings::subject(&args.url, &args.who, lang)?;
    let plan = settings.plan(&args.url, &args.crawling);
    let judging = settings.judging(&args.judge, lang)?;
    let cancel = on_interrupt(lang);
    let audited = audit::audit(
        &plan,
        &subject,
        &settings.out(&args.who),
        library,
        &judging,
        &progress::listener(common),
        &cancel,
    )
    .map_err(|e| tell::audit(&e, lang))?;
    Ok(finish(&audited, &judging, args.fail_under, common))
}

fn crawl(args: &CrawlOnlyArgs, library: &Library, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let lang = common.lang;
    let subject = Settings::subject(&args.url, &args.who, lang)?;
    let plan = settings.plan(&args.url, &args.crawling);
    let cancel = on_interrupt(lang);
    let dir = audit::crawl_case(
        &plan,
        &subject,
        &settings.out(&args.who),
        library,
        &documents::readers(),
        &progress::listener(common),
        &cancel,
    )
    .map_err(|e| tell::audit(&e, lang))?;
    say(&format!("{}\n", dir.display()));
    Ok(0)
}

fn evaluate(args: &EvaluateArgs, library: &Library, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let judging = settings.judging(&args.judge, common.lang)?;
    let audited = audit::judge(&args.case, library, &judging, &progress::listener(common))
        .map_err(|e| tell::audit(&e, common.lang))?;
    Ok(finish(&audited, &judging, args.fail_under, common))
}

/// Writes the reports again from the findings of a case.
fn again(args: &ReportArgs, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let lang = common.lang;
    let path = args.case.join("findings.json");
    let bytes = files::read(&path, 1 << 30).map_err(|e| {
        if e.kind() == std::io::ErrorKind::NotFound {
            Failure::new(
                lang,
                WRONG,
                &format!(
                    "{} no tiene hallazgos; haga primero «veedor evaluate {}»",
                    args.case.display(),
                    args.case.display()
                ),
                &format!(
                    "{} has no findings; run 'veedor evaluate {}' first",
                    args.case.display(),
                    args.case.display()
                ),
            )
        } else {
            tell::io(&path, &e, lang)
        }
    })?;
    intact(&args.case, &["findings.json"]).map_err(|e| tell::archive(&e, lang))?;
    let findings: Findings = serde_json::from_slice(&bytes).map_err(|e| {
        Failure::new(
            lang,
            WRONG,
            &format!("{} no se puede leer: {e}", path.display()),
            &format!("{} cannot be read: {e}", path.display()),
        )
    })?;
    let judge = Judge {
        format: args.format.clone(),
        ..no_judge()
    };
    let judging = settings.judging(&judge, lang)?;
    let reports = audit::report_case(&args.case, &findings, &judging).map_err(|e| tell::audit(&e, lang))?;
    let audited = Audited {
        dir: args.case.clone(),
        findings,
        reports,
    };
    Ok(finish(&audited, &judging, None, common))
}

fn import(args: &ImportArgs, library: &Library, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let lang = common.lang;
    let base = normalize(&args.base_url).map_err(|e| tell::url(&e, lang))?;
    let entry = match &args.entry {
        Some(path) => base.join(path).map_err(|e| {
            Failure::new(
                lang,
                WRONG,
                &format!("«{path}» no es una ruta: {e}"),
                &format!("'{path}' is no path: {e}"),
            )
        })?,
        None => base.clone(),
    };
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let failed = |e: &ArchiveError| tell::archive(e, lang);
    let imported = match (&args.urls, &args.dir) {
        (Some(table), _) => from_table(table, &base, &now).map_err(|e| failed(&e))?,
        (None, Some(dir)) => from_folder(dir, &base, &now).map_err(|e| failed(&e))?,
        (None, None) => {
            return Err(Failure::new(
                lang,
                WRONG,
                "indique una carpeta o --urls",
                "name a folder or --urls",
            ));
        }
    };
    for path in imported.skipped() {
        tell::note(&match lang {
            LangArg::Es => format!(
                "Aviso: {} no se importó: es un enlace que sale de la carpeta o lleva a otra, o no es un archivo común. Copie ahí el archivo mismo.",
                path.display()
            ),
            LangArg::En => format!(
                "Note: {} was not imported: it is a link that leads out of the folder or to another, or no regular file. Put a copy of the file itself there.",
                path.display()
            ),
        });
    }
    if imported.is_empty() {
        return Err(Failure::new(
            lang,
            WRONG,
            "no hay ningún archivo que importar; indique la carpeta donde está el sitio",
            "there is no file to import; name the folder that holds the site",
        ));
    }
    if !imported.holds(&entry) {
        return Err(Failure::new(
            lang,
            WRONG,
            &format!(
                "entre los archivos no está la página de entrada {entry}; indique con --entry la ruta de la que sí está, por ejemplo --entry /inicio.html"
            ),
            &format!(
                "the entry page {entry} is not among the files; name one that is with --entry, like --entry /home.html"
            ),
        ));
    }
    let subject = Settings::subject(&args.base_url, &args.who, lang)?;
    let judging = settings.judging(&args.judge, lang)?;
    let dir =
        audit::import_case(&imported, &entry, &subject, &settings.out(&args.who)).map_err(|e| tell::audit(&e, lang))?;
    let audited =
        audit::judge(&dir, library, &judging, &progress::listener(common)).map_err(|e| tell::audit(&e, lang))?;
    Ok(finish(&audited, &judging, None, common))
}

/// Under the packs with which the case was last evaluated, unless others are named.
fn explain(args: &ExplainArgs, library: &Library, settings: &Settings, common: &Common) -> Result<u8, Failure> {
    let lang = common.lang;
    let mut judging = settings.judging(&args.judge, lang)?;
    if let Some((pack, _)) = args.obligation.split_once(':')
        && judging.packs.is_empty()
    {
        judging.packs = vec![pack.to_owned()];
    }
    let told = audit::explain_case(&args.case, library, &judging, &args.obligation)
        .map_err(|e| tell::audit(&e, lang))?
        .ok_or_else(|| {
            Failure::new(
                lang,
                WRONG,
                &format!(
                    "no hay una obligación «{}» que este sujeto deba; «veedor rules list PAQUETE» las enumera",
                    args.obligation
                ),
                &format!(
                    "there is no obligation '{}' that this subject owes; 'veedor rules list PACK' names them",
                    args.obligation
                ),
            )
        })?;
    say(&report::for_terminal(&told));
    Ok(0)
}

fn check(args: &VerifyArgs, lang: LangArg) -> Result<u8, Failure> {
    let problems = verify(&args.case).map_err(|e| tell::archive(&e, lang))?;
    for p in &problems {
        say(&format!("{}: {}\n", p.file, p.what));
    }
    let seal = seal_of(&args.case);
    let other = args
        .seal
        .as_deref()
        .is_some_and(|noted| seal.as_deref().is_none_or(|s| !s.eq_ignore_ascii_case(noted.trim())));
    if other {
        say(match lang {
            LangArg::Es => "manifest.json: su sello no es el que se indicó: el expediente fue sellado de nuevo\n",
            LangArg::En => "manifest.json: its seal is not the one given: the case was sealed anew\n",
        });
    } else if problems.is_empty() {
        let seal = seal.unwrap_or_default();
        say(&match (lang, &args.seal) {
            (LangArg::Es, Some(_)) => {
                format!("Íntegro: ningún archivo cambió, y el sello es el que se anotó ({seal}).\n")
            }
            (LangArg::En, Some(_)) => format!("Intact: no file has changed, and the seal is the one noted ({seal}).\n"),
            (LangArg::Es, None) => format!(
                "Íntegro respecto de su sello: ningún archivo cambió desde que se selló.\n  Sello: {seal}\n  Compárelo con el que se anotó al auditar (veedor verify {} --seal SELLO).\n",
                args.case.display()
            ),
            (LangArg::En, None) => format!(
                "Intact as far as its seal goes: no file has changed since it was sealed.\n  Seal: {seal}\n  Compare it with the one noted when it was audited (veedor verify {} --seal SEAL).\n",
                args.case.display()
            ),
        });
    }
    Ok(u8::from(!problems.is_empty() || other))
}

/// The SHA-256 of a case's manifest, which names that of every other file: whoever notes it can tell any later change.
fn seal_of(case: &Path) -> Option<String> {
    let text = files::read_text(&case.join("manifest.sha256"), 4096).ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

fn init(file: &Path, lang: LangArg) -> Result<u8, Failure> {
    if file.exists() {
        return Err(Failure::new(
            lang,
            WRONG,
            &format!("{} ya existe; no se tocó", file.display()),
            &format!("{} exists already; it was left alone", file.display()),
        ));
    }
    std::fs::write(file, TEMPLATE).map_err(|e| tell::io(file, &e, lang))?;
    say(&format!("{}\n", file.display()));
    Ok(0)
}

/// The table, where the reports are, and the exit code that the score asks for.
fn finish(audited: &Audited, judging: &Judging, fail_under: Option<f64>, common: &Common) -> u8 {
    for name in judging
        .formats
        .iter()
        .filter(|n| matches!(n.as_str(), "terminal" | "json"))
    {
        let mut context = judging.context.clone();
        context.width = terminal_width();
        let mut bytes = Vec::new();
        if let Some(format) = report::by_name(name)
            && !common.quiet
            && format.write(&audited.findings, &context, &mut bytes).is_ok()
        {
            say(&String::from_utf8_lossy(&bytes));
        }
    }
    if !common.quiet && judging.formats.iter().all(|f| f != "json") {
        say(&closing(audited, common.lang));
    }
    // Where too little was decided there is no score, and what was asked is not shown to be met.
    let low = |s: &Score| fail_under.is_some_and(|least| s.value.unwrap_or(0.0) < least);
    u8::from(audited.findings.scores.iter().any(low))
}

fn terminal_width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|c| c.parse().ok())
        .unwrap_or(100)
}

/// Score and places.
fn closing(audited: &Audited, lang: LangArg) -> String {
    let mut text = String::new();
    let f = &audited.findings;
    for s in &f.scores {
        let value = s
            .value
            .map_or_else(|| "—".to_owned(), |v| format!("{:.0} %", v * 100.0));
        let _ = match lang {
            LangArg::Es => writeln!(
                text,
                "{} · {}: {value} (entre {:.0} y {:.0} %; decidido {:.0} %)",
                f.subject.name,
                s.pack,
                s.low * 100.0,
                s.high * 100.0,
                s.coverage * 100.0
            ),
            LangArg::En => writeln!(
                text,
                "{} · {}: {value} (between {:.0} and {:.0} %; decided {:.0} %)",
                f.subject.name,
                s.pack,
                s.low * 100.0,
                s.high * 100.0,
                s.coverage * 100.0
            ),
        };
    }
    let (case, report, seal) = match lang {
        LangArg::Es => ("Expediente", "Informe", "Sello"),
        LangArg::En => ("Case file", "Report", "Seal"),
    };
    let _ = writeln!(text, "  {case}: {}", audited.dir.display());
    if let Some(digest) = seal_of(&audited.dir) {
        let _ = writeln!(text, "  {seal}: {digest}");
    }
    for path in &audited.reports {
        let _ = writeln!(text, "  {report}: {}", path.display());
    }
    text
}

/// Turns Ctrl-C into an orderly stop: what is in flight is finished and kept.
fn on_interrupt(lang: LangArg) -> Cancel {
    let (stop, cancel) = never();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                let _ = stop.send(true);
                let text = match lang {
                    LangArg::Es => "\nTerminando lo que está en curso; otra vez Ctrl-C para salir ya.",
                    LangArg::En => "\nFinishing what is in flight; Ctrl-C again to leave at once.",
                };
                let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes());
                if tokio::signal::ctrl_c().await.is_ok() {
                    leave();
                }
            }
            std::future::pending::<()>().await;
        });
    });
    cancel
}

/// Leaves at once, as a second Ctrl-C asks; what was archived stays and can be resumed.
#[expect(
    clippy::exit,
    reason = "the second Ctrl-C asks for exactly this, and no destructor matters to the case file"
)]
fn leave() -> ! {
    std::process::exit(130)
}
