//! Personal data that the site publishes: looked for in every page and document that the entry leads to, told by kind, with the
//! places that show most of it. What is found is remembered too, so that no finding quotes it whole.
//!
//! ```text
//! captures ─► once each body: cells · pages of text · lines · the address ─► InDocument ─► Alert + evidence
//! ```

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

use super::evidence::EvidenceTable;
use crate::check::table::{CellHit, Placement, own_layout, personal_data};
use crate::check::{Pointer, counted};
use crate::extract::tables;
use crate::locate::{Recogniser, Site};
use crate::model::{Alert, AlertKind, Document, FetchStatus, Format, Page, Workbook};
use crate::text::personal::{Found, Kind, Known, find, find_under, may_hold};

/// Pieces of evidence of all alerts together.
const EVIDENCE: usize = 20;
/// Cells or pages that a locator names, and values that an excerpt shows.
const PLACES: usize = 5;
/// First day of the law whose article 64 forbids it (DOF 20-03-2025).
const IN_FORCE: jiff::civil::Date = jiff::civil::date(2025, 3, 21);

/// What one document shows of one kind.
struct InDocument {
    capture: usize,
    kind: Kind,
    /// How often.
    count: usize,
    /// Where, in the order of the document; the first few.
    places: Vec<String>,
    /// Line of the first, when it is a page.
    line: Option<usize>,
    /// The first few, masked, and nothing of what stands beside them: names and dates of birth are no less personal.
    shown: Vec<String>,
}

/// What was found in a site.
pub(super) struct Scan {
    found: Vec<InDocument>,
    /// All of it, to be masked wherever it is quoted.
    pub(super) known: Known,
}

/// Looks for personal data in all that the entry leads to.
pub(super) fn scan(site: &Site<'_>, formats: &[Format]) -> Scan {
    let mut reader = Reader {
        formats,
        recogniser: None,
        capture: 0,
        found: Vec::new(),
        known: Known::default(),
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (n, capture) in site.captures.iter().enumerate() {
        let opens = capture.status == FetchStatus::Ok && !capture.soft_404 && site.reached[n];
        let Some(document) = site.document(n).filter(|_| opens) else {
            continue;
        };
        // The same file under two addresses is one leak.
        if capture.sha256.as_deref().is_some_and(|digest| !seen.insert(digest)) {
            continue;
        }
        reader.capture = n;
        reader.address(&capture.url);
        reader.document("", document);
    }
    Scan {
        found: reader.found,
        known: reader.known,
    }
}

struct Reader<'a> {
    formats: &'a [Format],
    /// Made when a workbook first holds an RFC: only then does it matter what its columns are.
    recogniser: Option<Recogniser>,
    capture: usize,
    found: Vec<InDocument>,
    known: Known,
}

impl Reader<'_> {
    /// `inside` says in which entry of an archive the document is.
    fn document(&mut self, inside: &str, document: &Document) {
        // The text of a document has that of its tables.
        match (&document.text, &document.workbook, &document.page) {
            (Some(text), _, _) => {
                for (n, page) in text.pages.iter().enumerate() {
                    self.text(&format!("{inside}página {}", n + 1), page);
                }
            }
            (None, Some(workbook), _) => self.workbook(inside, workbook),
            (None, None, Some(page)) => self.page(page),
            (None, None, None) => {}
        }
        for entry in &document.entries {
            if let Some(document) = &entry.document {
                self.document(&format!("{inside}archivo '{}', ", entry.name), document);
            }
        }
    }

    fn address(&mut self, url: &str) {
        if may_hold(url) {
            let address = percent_decode_str(url).decode_utf8_lossy();
            self.text("la dirección misma", &address);
        }
    }

    fn text(&mut self, place: &str, text: &str) {
        for found in find(text) {
            self.known.add(text, &found);
            self.note(&found, place, None);
        }
    }

    fn page(&mut self, page: &Page) {
        let mut headings_of = None;
        let mut asked_for = None;
        for (n, line) in page.lines.iter().enumerate().filter(|(_, l)| may_hold(&l.text)) {
            let headings = headings_of.get_or_insert_with(|| headings(page));
            let first = line.cell.as_ref().and_then(|c| headings.get(&(c.table, c.column)));
            let heading = first.filter(|f| **f < n).map_or("", |f| page.lines[*f].text.as_str());
            for found in find_under(heading, &line.text) {
                self.known.add(&line.text, &found);
                let asked = found.kind == Kind::Rfc && line.cell.is_some() && {
                    let values = asked_for.get_or_insert_with(|| self.asked_for(page));
                    values.contains(&line.text[found.range.clone()])
                };
                if !asked {
                    self.note(&found, "", Some(n));
                }
            }
        }
    }

    /// RFCs in columns of the page's tables in which an official format asks for them.
    fn asked_for(&mut self, page: &Page) -> BTreeSet<String> {
        let hits = self.by_layout(&tables(page)).into_iter().filter(|h| h.asked_for);
        hits.map(|h| h.text[h.found.range].to_owned()).collect()
    }

    fn workbook(&mut self, inside: &str, workbook: &Workbook) {
        let mut hits = personal_data(workbook, None);
        if hits.iter().any(|h| h.found.kind == Kind::Rfc) {
            hits = self.by_layout(workbook);
        }
        for hit in &hits {
            self.known.add(&hit.text, &hit.found);
            if !hit.asked_for {
                let sheet = &workbook.sheets[hit.sheet].name;
                let place = format!("{inside}hoja '{sheet}', celda {}", hit.cell);
                self.note(&hit.found, &place, None);
            }
        }
    }

    /// With the layout that tells which columns ask for an RFC.
    fn by_layout(&mut self, workbook: &Workbook) -> Vec<CellHit> {
        let recogniser = self.recogniser.get_or_insert_with(|| Recogniser::new(self.formats));
        if let Some(found) = recogniser.recognise(workbook) {
            let at = Placement::from(&found);
            return personal_data(workbook, self.formats.get(found.format).map(|f| (f, &at)));
        }
        let own = own_layout(workbook);
        personal_data(workbook, own.as_ref().map(|l| (l.format.as_ref(), &l.at)))
    }

    fn note(&mut self, found: &Found, place: &str, line: Option<usize>) {
        let own = self.found.iter_mut().rev().take_while(|f| f.capture == self.capture);
        if let Some(before) = own.into_iter().find(|f| f.kind == found.kind) {
            before.count += 1;
            if before.places.len() <= PLACES && before.places.last().is_none_or(|p| p != place) {
                before.places.push(place.to_owned());
            }
            if before.shown.len() < PLACES && !before.shown.contains(&found.masked) {
                before.shown.push(found.masked.clone());
            }
            return;
        }
        self.found.push(InDocument {
            capture: self.capture,
            kind: found.kind,
            count: 1,
            places: vec![place.to_owned()],
            line,
            shown: vec![found.masked.clone()],
        });
    }
}

/// For each table and column of a page the line that heads it.
fn headings(page: &Page) -> BTreeMap<(u32, u32), usize> {
    let mut out = BTreeMap::new();
    for (n, line) in page.lines.iter().enumerate() {
        if let Some(cell) = &line.cell {
            out.entry((cell.table, cell.column)).or_insert(n);
        }
    }
    out
}

/// Alerts by kind, the documents with most first, and their evidence.
pub(super) fn alerts(scan: Scan, on: jiff::civil::Date, evidence: &mut EvidenceTable<'_>) -> Vec<Alert> {
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|k| scan.found.iter().any(|f| f.kind == *k))
        .collect();
    let each = EVIDENCE / kinds.len().max(1);
    let mut found = scan.found;
    found.sort_by(|a, b| b.count.cmp(&a.count).then(a.capture.cmp(&b.capture)));
    kinds
        .into_iter()
        .map(|kind| {
            let own: Vec<&InDocument> = found.iter().filter(|f| f.kind == kind).collect();
            let pointers: Vec<Pointer> = own.iter().take(each).map(|f| pointer(f)).collect();
            alert(kind, &own, on, evidence.add_all(&pointers))
        })
        .collect()
}

fn pointer(found: &InDocument) -> Pointer {
    let mut places = found.places.iter().take(PLACES).cloned().collect::<Vec<_>>().join("; ");
    if found.places.len() > PLACES {
        places.push_str("; y más");
    }
    let one_line = found.line.is_some() && found.count == 1;
    // Two kinds in one place are two pieces of evidence.
    let locator = match (one_line, places.is_empty()) {
        (true, _) => None,
        (false, true) => Some(format!("{} de {} en la página", found.count, found.kind.spanish())),
        (false, false) => Some(format!("{places}: {}", found.kind.spanish())),
    };
    Pointer {
        capture: found.capture,
        line: found.line.filter(|_| one_line),
        locator,
        excerpt: found.shown.join(", "),
    }
}

fn alert(kind: Kind, own: &[&InDocument], on: jiff::civil::Date, evidence: Vec<usize>) -> Alert {
    let count: usize = own.iter().map(|f| f.count).sum();
    let what = if count == 1 { kind.spanish() } else { kind.plural() };
    let doubt = match kind {
        Kind::Rfc => " No se cuentan los de las columnas en que un formato oficial los pide.",
        Kind::Clabe => " El texto no dice de quién es la cuenta: puede ser de la propia institución.",
        _ => "",
    };
    let basis = if on >= IN_FORCE {
        "LGTAIP (DOF 20-03-2025), artículo 64: los sujetos obligados no podrán difundir los datos personales contenidos en sus \
         sistemas de información, salvo consentimiento expreso de la persona."
    } else {
        ""
    };
    Alert {
        kind: AlertKind::PersonalData,
        what: kind.as_str().to_owned(),
        count,
        documents: own.len(),
        message: format!(
            "Se publican {count} {what} en {}.{doubt}",
            counted(own.len(), "página o documento", "páginas o documentos")
        ),
        basis: basis.to_owned(),
        remedy: "Retire el archivo y publique una versión sin ese dato; quien administra el sitio debe pedir también que los \
                 buscadores olviden la copia que guardaron."
            .to_owned(),
        evidence,
    }
}
