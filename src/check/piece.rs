//! Items opened: what each link or icon of an obligation gives to whoever clicks it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::locate::{Item, Phrases, Site, Target};
use crate::model::{FetchStatus, Format, Obligation, Pack};
use crate::text::deadline;
use crate::text::period::{self, Part, Period};

use super::data::{self, Data};
use super::{Pointer, Readings, point_at_line};

/// What a piece gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PieceState {
    /// It opens and holds information, or is of a kind that is not looked into.
    Works(Data),
    /// It opens, and there is nothing in it.
    Blank(Data),
    /// The server says that it does not exist.
    Dead,
    /// On another host.
    External(String),
    /// It opens, and its columns are those of another obligation's format: its title.
    Other(String),
    /// Could not be seen; why, in Spanish.
    Unknown(String),
    /// No link at all: an icon, a button, "Ver".
    NoLink,
    /// A period that the section names and offers nothing for.
    Announced,
}

impl PieceState {
    /// Whether it holds information.
    #[must_use]
    pub fn works(&self) -> bool {
        matches!(self, Self::Works(_))
    }
}

/// An item with what it gives.
#[derive(Debug, Clone)]
pub struct Piece {
    /// As located.
    pub item: Item,
    /// What it gives.
    pub state: PieceState,
    /// The capture that shows it: the document, or the failed request.
    pub capture: Option<usize>,
    /// The latest period that it covers.
    pub period: Option<Period>,
    /// What says so.
    pub period_from: PeriodFrom,
    /// The period under which it is offered: its words, its label's, its address.
    pub said: Option<Period>,
    /// Years that it covers.
    pub years: Vec<u16>,
}

/// What says which period a piece covers, from the surest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodFrom {
    /// The period columns of its table.
    Cells,
    /// The beginning of its text.
    Text,
    /// The words, label or address under which it is offered.
    Words,
    /// A date or year at the beginning of its text, which may be that of its signature.
    Date,
}

impl PeriodFrom {
    /// How sure, 0–1.
    #[must_use]
    pub fn confidence(self) -> f64 {
        match self {
            Self::Cells => 0.95,
            Self::Text => 0.85,
            Self::Words => 0.75,
            Self::Date => 0.6,
        }
    }

    /// In Spanish, for the reasons.
    #[must_use]
    pub fn spanish(self) -> &'static str {
        match self {
            Self::Cells => "lo dicen sus celdas",
            Self::Text => "lo dice su texto",
            Self::Words => "lo dice su rótulo o dirección",
            Self::Date => "por la fecha de su texto",
        }
    }
}

/// What opening the items of an obligation rests on.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// The crawled site.
    pub site: &'a Site<'a>,
    /// Phrases that tell promises and negatives.
    pub phrases: &'a Phrases,
    /// What documents say of themselves.
    pub readings: &'a Readings,
    /// Official formats.
    pub formats: &'a [Format],
    /// The law.
    pub pack: &'a Pack,
    /// The obligation.
    pub obligation: &'a Obligation,
    /// Date under which it is judged.
    pub on: Date,
}

impl Piece {
    /// Evidence: the document itself, else the line of the page that offers it.
    #[must_use]
    pub fn point(&self, site: &Site<'_>) -> Pointer {
        let (PieceState::Works(data) | PieceState::Blank(data)) = &self.state else {
            return self.capture.map_or_else(
                || self.point_at_page(site),
                |capture| Pointer {
                    capture,
                    line: None,
                    locator: None,
                    excerpt: self.item.text.clone(),
                },
            );
        };
        let Some(capture) = self.capture else {
            return self.point_at_page(site);
        };
        Pointer {
            capture,
            line: None,
            locator: data.locator().map(str::to_owned),
            excerpt: data.excerpt().unwrap_or(&self.item.text).to_owned(),
        }
    }

    /// The line of the page that offers it.
    #[must_use]
    pub fn point_at_page(&self, site: &Site<'_>) -> Pointer {
        let mut point = point_at_line(site, self.item.page, self.item.line);
        if point.excerpt.is_empty() {
            point.excerpt.clone_from(&self.item.text);
        }
        point
    }
}

/// Opens the items of an obligation: each document or dead address once, its best ground first.
#[must_use]
pub fn pieces(with: &Opening<'_>, items: &[Item]) -> Vec<Piece> {
    let site = with.site;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<Piece> = Vec::new();
    for item in items {
        let (state, capture) = open(with, item);
        let identity = match (&item.target, capture) {
            (Target::Document(_) | Target::Blank(_) | Target::Dead(Some(_)), Some(c)) => format!("c{c}"),
            (Target::External(host), _) => format!("e{host} {} {:?}", item.page, item.line),
            _ => format!("p{} {:?} {}", item.page, item.line, item.text),
        };
        if let Some(&first) = seen.get(&identity) {
            out[first].item.on_list |= item.on_list;
            continue;
        }
        seen.insert(identity, out.len());
        let address = capture.map_or("", |c| site.captures[c].url.as_str());
        let said = said_of(item, address);
        let (period, period_from) = covered(with, capture, said);
        out.push(Piece {
            years: years(with, capture, period),
            period,
            period_from,
            said,
            item: item.clone(),
            state,
            capture,
        });
    }
    out
}

fn open(with: &Opening<'_>, item: &Item) -> (PieceState, Option<usize>) {
    let (site, phrases) = (with.site, with.phrases);
    match &item.target {
        Target::Document(i) => {
            let state = match site.document(*i).map(|d| by_layout(with, *i, data::read(d, phrases))) {
                Some(Data::Unreadable(why)) => PieceState::Unknown(why),
                Some(found) if found.is_information() => match of_another(with, *i) {
                    Some(title) => PieceState::Other(title),
                    None => PieceState::Works(found),
                },
                Some(found) => PieceState::Blank(found),
                None => PieceState::Unknown("no se guardó su contenido".to_owned()),
            };
            (state, Some(*i))
        }
        Target::Blank(i) => (PieceState::Blank(Data::NoContent), Some(*i)),
        Target::Dead(i) => (PieceState::Dead, *i),
        Target::External(host) => (PieceState::External(host.clone()), None),
        Target::Unknown(i) => {
            let why = i.map_or("la captura no llegó a consultarlo", |i| {
                why_unknown(site.captures[i].status)
            });
            (PieceState::Unknown(why.to_owned()), *i)
        }
        Target::Page(i) => (PieceState::Unknown("es otra página".to_owned()), Some(*i)),
        Target::Nowhere => (PieceState::NoLink, None),
        Target::Announced => (PieceState::Announced, None),
    }
}

/// A table whose columns are known has the rows that its layout finds: one with a single column of its own, or with counts of one
/// to three figures, looks like a template to who does not know them.
fn by_layout(with: &Opening<'_>, capture: usize, found: Data) -> Data {
    let table = with.readings.of(capture).and_then(|r| r.table.as_ref());
    match (found, table.and_then(|t| Some((t, t.examined.first_row?)))) {
        (Data::Template { excerpt, .. }, Some((table, row))) => Data::Rows {
            count: table.examined.filled_rows,
            locator: format!("hoja '{}', fila {row}", table.sheet),
            excerpt,
        },
        (found, _) => found,
    }
}

/// Why an address could not be seen, in Spanish.
#[must_use]
pub(super) fn why_unknown(status: FetchStatus) -> &'static str {
    match status {
        FetchStatus::ServerError => "el servidor respondió con un error propio (5xx)",
        FetchStatus::RateLimited => "el servidor pidió ir más despacio y no volvió a contestar",
        FetchStatus::Blocked => "el servidor negó el acceso",
        FetchStatus::RobotsDisallowed => "robots.txt pide no consultarlo",
        FetchStatus::DnsError => "el nombre del servidor no se resolvió",
        FetchStatus::ConnectError => "no hubo conexión",
        FetchStatus::TlsError => "el certificado no se pudo verificar",
        FetchStatus::Timeout => "el servidor no contestó a tiempo",
        FetchStatus::TooLarge => "el archivo excede el tamaño que se descarga",
        FetchStatus::TooSlow => "la descarga fue demasiado lenta",
        FetchStatus::Truncated => "la descarga se cortó",
        FetchStatus::AddressRefused => "la dirección es privada y no se consulta",
        FetchStatus::OutOfBudget => "se agotó el presupuesto de la captura antes de consultarlo",
        FetchStatus::BadResponse => "la respuesta no se pudo interpretar",
        FetchStatus::Ok | FetchStatus::NotModified | FetchStatus::Redirected | FetchStatus::ClientError => {
            "no se guardó su contenido"
        }
    }
}

/// The title of another obligation's format, when a document's columns are surely that one's.
fn of_another(with: &Opening<'_>, capture: usize) -> Option<String> {
    let table = with.readings.of(capture)?.table.as_ref()?;
    table
        .is_of_another(with.pack, with.obligation, with.formats)
        .then(|| with.formats[table.format].title.clone())
}

/// The latest period that a piece covers: by its cells, its text, what offers it, a date in its text.
fn covered(with: &Opening<'_>, capture: Option<usize>, said: Option<Period>) -> (Option<Period>, PeriodFrom) {
    let reading = capture.and_then(|c| with.readings.of(c));
    let cells = reading.and_then(|r| r.of_cells(deadline::months(with.obligation.cadence), with.on));
    let said = said.filter(|p| p.start() <= with.on);
    let found = [
        (cells, PeriodFrom::Cells),
        (reading.and_then(|r| r.named), PeriodFrom::Text),
        (said, PeriodFrom::Words),
        (reading.and_then(|r| r.dated), PeriodFrom::Date),
    ];
    let first = found.into_iter().find_map(|(period, from)| Some((period?, from)));
    first.map_or((None, PeriodFrom::Words), |(period, from)| (Some(period), from))
}

/// Most years that one table may span.
const SPAN: usize = 20;

fn years(with: &Opening<'_>, capture: Option<usize>, period: Option<Period>) -> Vec<u16> {
    let table = capture.and_then(|c| with.readings.of(c)?.table.as_ref());
    let year = |d: Date| u16::try_from(d.year()).ok();
    if let Some(examined) = table.map(|t| &t.examined)
        && let (Some(first), Some(last)) = (
            examined.period_first.and_then(year),
            examined.period_last.and_then(year),
        )
        && first <= last
    {
        return (first..=last).take(SPAN).collect();
    }
    period.map(|p| p.year).into_iter().collect()
}

/// By the item's words first, then the label above it, then its address.
fn said_of(item: &Item, address: &str) -> Option<Period> {
    let folders: String = percent_encoding::percent_decode_str(address)
        .decode_utf8_lossy()
        .rsplit('/')
        .take(4)
        .collect::<Vec<_>>()
        .join(" ");
    let year = period::years(&folders).into_iter().max();
    let said: Vec<Period> = [item.text.as_str(), &item.because, &folders]
        .into_iter()
        .filter_map(|text| period::latest(text, year))
        .collect();
    // A quarter in any of them says more than a year in the first.
    let part = said.iter().find(|p| p.part != Part::Year);
    part.or(said.first()).copied()
}
