//! Items opened: what each link or icon of an obligation gives to whoever clicks it.

use std::collections::BTreeMap;

use crate::locate::{Item, Phrases, Site, Target};
use crate::model::FetchStatus;
use crate::text::period::{self, Period};

use super::data::{self, Data};
use super::{Pointer, point_at_line};

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
    /// The latest period that its words, address or page row name.
    pub period: Option<Period>,
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
pub fn pieces(site: &Site<'_>, items: &[Item], phrases: &Phrases) -> Vec<Piece> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<Piece> = Vec::new();
    for item in items {
        let (state, capture) = open(site, item, phrases);
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
        out.push(Piece {
            period: period_of(item, address),
            item: item.clone(),
            state,
            capture,
        });
    }
    out
}

fn open(site: &Site<'_>, item: &Item, phrases: &Phrases) -> (PieceState, Option<usize>) {
    match &item.target {
        Target::Document(i) => {
            let state = match site.document(*i).map(|d| data::read(d, phrases)) {
                Some(Data::Unreadable(why)) => PieceState::Unknown(why),
                Some(found) if found.is_information() => PieceState::Works(found),
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

/// By the item's words first, then the label above it, then its address.
fn period_of(item: &Item, address: &str) -> Option<Period> {
    let folders: String = percent_encoding::percent_decode_str(address)
        .decode_utf8_lossy()
        .rsplit('/')
        .take(4)
        .collect::<Vec<_>>()
        .join(" ");
    let year = period::years(&folders).into_iter().max();
    period::latest(&item.text, year)
        .or_else(|| period::latest(&item.because, year))
        .or_else(|| period::latest(&folders, year))
}
