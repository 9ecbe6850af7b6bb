//! Addresses that cells hold or carry, for whoever follows them: absolute ones of the web, each once, with the header of their column.

use std::collections::BTreeSet;

use crate::model::{Link, LinkOrigin, Sheet, Workbook};
use crate::text::url::normalize;

/// Addresses of a workbook: a crawl that has more to do than follow one file.
const MOST: usize = 2_000;
/// Rows from the top in which a header is looked for.
const HEADERS: usize = 16;
/// Longest header, in bytes; longer cells are data.
const LONGEST: usize = 300;

/// Links of a workbook in reading order, sheet by sheet.
pub(in crate::extract) fn links(workbook: &Workbook) -> Vec<Link> {
    let mut found = Found::default();
    for sheet in &workbook.sheets {
        of_sheet(sheet, &mut found);
        if found.links.len() >= MOST {
            break;
        }
    }
    found.links
}

/// Links so far, and the addresses that are among them.
#[derive(Default)]
struct Found {
    links: Vec<Link>,
    seen: BTreeSet<String>,
}

impl Found {
    fn add(&mut self, href: &str, text: &str) {
        if self.links.len() >= MOST || !begins(href) {
            return;
        }
        let Ok(url) = normalize(href) else { return };
        let fragment = href
            .split_once('#')
            .map(|(_, f)| f.to_owned())
            .filter(|f| !f.is_empty());
        if self.seen.insert(url.to_string()) {
            self.links.push(Link {
                href: href.to_owned(),
                url: Some(url.to_string()),
                fragment,
                text: text.to_owned(),
                origin: LinkOrigin::Document,
                line: None,
            });
        }
    }
}

fn of_sheet(sheet: &Sheet, found: &mut Found) {
    let mut carried = sheet.hyperlinks.iter().peekable();
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| begins(cell)) {
            let text = header(sheet, row, column);
            if cell
                .split_whitespace()
                .all(|part| begins(part.trim_matches([',', ';'])))
            {
                for part in cell.split_whitespace() {
                    found.add(part.trim_matches([',', ';']), text);
                }
            } else {
                found.add(cell, text);
            }
        }
        while let Some((_, column, to)) = carried.next_if(|(r, ..)| *r as usize <= row) {
            let column = *column as usize;
            let shown = cells.get(column).map_or("", String::as_str);
            let text = match header(sheet, row, column) {
                "" if !begins(shown) => shown,
                header => header,
            };
            found.add(to, text);
        }
    }
}

/// Whether a text begins as an absolute address of the web does.
fn begins(text: &str) -> bool {
    let head = |scheme: &str| text.get(..scheme.len()).is_some_and(|h| h.eq_ignore_ascii_case(scheme));
    head("http://") || head("https://")
}

/// The words that head a column above a cell: the last ones of its first rows that are neither a code nor an address.
fn header(sheet: &Sheet, row: usize, column: usize) -> &str {
    let mut above = sheet.rows[..row.min(HEADERS)]
        .iter()
        .filter_map(|cells| cells.get(column));
    let is_words = |t: &&String| t.len() <= LONGEST && !begins(t) && t.chars().any(char::is_alphabetic);
    above.rfind(is_words).map_or("", |t| t.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]], hyperlinks: &[(u32, u32, &str)]) -> Workbook {
        Workbook {
            sheets: vec![Sheet {
                rows: rows
                    .iter()
                    .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
                    .collect(),
                hyperlinks: hyperlinks.iter().map(|(r, c, to)| (*r, *c, (*to).to_owned())).collect(),
                ..Sheet::default()
            }],
        }
    }

    #[test]
    fn cells_and_what_they_carry_are_links_once_with_their_header() {
        let workbook = sheet(
            &[
                &["1", "7"],
                &["Nombre", "Hipervínculo al acta"],
                &["Uno", "https://villa.example/acta 1.pdf"],
                &["Dos", "HTTP://villa.example/a.pdf, https://villa.example/b.pdf"],
                &["Tres", "https://villa.example/a.pdf#2"],
                &["Cuatro", "Ver"],
                &["véase https://villa.example/no.pdf", r"C:\actas\5.pdf"],
            ],
            &[
                (2, 1, "https://villa.example/acta%201.pdf"),
                (5, 1, "https://villa.example/c.pdf"),
                (6, 1, "file:///C:/actas/5.pdf"),
                (6, 0, "mailto:a@villa.example"),
            ],
        );
        let found = links(&workbook);
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|l| (l.url.as_deref().unwrap_or_default(), l.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("https://villa.example/acta%201.pdf", "Hipervínculo al acta"),
                ("http://villa.example/a.pdf", "Hipervínculo al acta"),
                ("https://villa.example/b.pdf", "Hipervínculo al acta"),
                ("https://villa.example/a.pdf", "Hipervínculo al acta"),
                ("https://villa.example/c.pdf", "Hipervínculo al acta"),
            ]
        );
        assert!(
            found
                .iter()
                .all(|l| l.origin == LinkOrigin::Document && l.line.is_none())
        );
        assert_eq!(found[3].fragment.as_deref(), Some("2"));
    }

    #[test]
    fn a_workbook_gives_so_many_and_no_more() {
        let rows: Vec<Vec<String>> = (0..3_000)
            .map(|n| vec![format!("https://villa.example/{n}.pdf")])
            .collect();
        let workbook = Workbook {
            sheets: vec![Sheet {
                rows,
                ..Sheet::default()
            }],
        };
        assert_eq!(links(&workbook).len(), MOST);
    }
}
