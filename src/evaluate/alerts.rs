//! Personal data that the site publishes: looked for in every page and document that the entry leads to, told by kind, with the
//! places that show most of it. What is found is remembered too, so that no finding quotes it whole.
//!
//! ```text
//! captures ─► once each body: cells · pages of text · lines · the address ─► InDocument ─► Alert + evidence
//! ```

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::evidence::EvidenceTable;
use crate::check::table::{CellHit, Placement, own_layout, personal_data, shown_masked};
use crate::check::{Pointer, counted};
use crate::locate::{Recogniser, Site};
use crate::model::{Alert, AlertKind, Document, FetchStatus, Format, Page, Workbook};
use crate::text::personal::{Found, Kind, Known, find, find_under, may_hold, shortened};

/// Pieces of evidence of all alerts together.
const EVIDENCE: usize = 20;
/// Cells or pages that a locator names.
const PLACES: usize = 5;
/// Text shown around what was found, in bytes each side.
const AROUND: usize = 60;
/// Longest cell shown, in characters.
const CELL: usize = 160;
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
    /// Words around the first, masked.
    excerpt: String,
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
            let excerpt = around(text, &found);
            self.note(found.kind, place, None, || excerpt);
        }
    }

    fn page(&mut self, page: &Page) {
        for (n, line) in page.lines.iter().enumerate().filter(|(_, l)| may_hold(&l.text)) {
            for found in find_under(&heading(page, n), &line.text) {
                self.known.add(&line.text, &found);
                let excerpt = around(&line.text, &found);
                self.note(found.kind, "", Some(n), || excerpt);
            }
        }
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
                self.note(hit.found.kind, &place, None, || shown_masked(hit, CELL));
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

    fn note(&mut self, kind: Kind, place: &str, line: Option<usize>, excerpt: impl FnOnce() -> String) {
        let own = self.found.iter_mut().rev().take_while(|f| f.capture == self.capture);
        if let Some(before) = own.into_iter().find(|f| f.kind == kind) {
            before.count += 1;
            if before.places.len() <= PLACES && before.places.last().is_none_or(|p| p != place) {
                before.places.push(place.to_owned());
            }
            return;
        }
        self.found.push(InDocument {
            capture: self.capture,
            kind,
            count: 1,
            places: vec![place.to_owned()],
            line,
            excerpt: excerpt(),
        });
    }
}

/// Words that head a line of a page's table: the first of its column.
fn heading(page: &Page, line: usize) -> String {
    let Some(cell) = &page.lines[line].cell else {
        return String::new();
    };
    let above = page.lines[..line].iter().rev();
    let column = above.filter(|l| {
        l.cell
            .as_ref()
            .is_some_and(|c| c.table == cell.table && c.column == cell.column && c.row < cell.row)
    });
    column.last().map(|l| l.text.clone()).unwrap_or_default()
}

/// What was found with some words around it, masked.
fn around(text: &str, found: &Found) -> String {
    let mut from = found.range.start.saturating_sub(AROUND);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (found.range.end + AROUND).min(text.len());
    while !text.is_char_boundary(to) {
        to += 1;
    }
    let before = text[from..found.range.start].trim_start_matches(|c: char| !c.is_whitespace() && from > 0);
    let after = &text[found.range.end..to];
    let after = match after.rfind(char::is_whitespace) {
        Some(end) if to < text.len() => &after[..end],
        _ => after,
    };
    shortened(&format!("{before}{}{after}", found.masked), CELL)
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
        excerpt: found.excerpt.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_around_are_whole_and_masked() {
        let text = "Consta que la ciudadana de la localidad inventada del Nopal, con clave HEGG560427MVZRRL04 y tarjeta 4111111111111111, recibió \
                    el apoyo que se describe en el acta del diez de marzo";
        let found = find(text);
        let shown = around(text, &found[0]);
        assert_eq!(shown.split_whitespace().next(), Some("ciudadana"), "{shown}");
        assert!(
            shown.contains("CURP ****04") && shown.contains("TARJETA ****11"),
            "{shown}"
        );
        assert!(find(&shown).is_empty());
    }
}
