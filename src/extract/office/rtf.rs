//! RTF (Rich Text Format 1.9.1): control words, groups and text, read in one pass.

use encoding_rs::{Encoding, WINDOWS_1252};
use url::Url;

use super::builder::{Builder, Built};
use super::{About, hyperlink_field};
use crate::extract::{Limits, prose};

/// Groups inside groups that are kept apart.
const DEPTH: usize = 2_000;

/// Destinations whose text is not part of the document's.
const SKIPPED: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "xmlnstbl",
    "filetbl",
    "pgptbl",
    "mmathPr",
    "bkmkstart",
    "bkmkend",
    "annotation",
    "atnid",
    "atnauthor",
    "pntext",
    "xe",
    "tc",
    "private",
    "nonshppict",
];

/// What a group holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Text,
    Nothing,
    Title,
    Created,
    Revised,
    Field,
}

#[derive(Clone, Copy)]
struct Group {
    holds: Holds,
    in_table: bool,
    /// Characters that stand in for each `\u`.
    fallback: usize,
}

/// Reads it; whatever the bytes are, something is made of them.
pub(super) fn read(bytes: &[u8], base: &Url, limits: &Limits) -> (About, Built) {
    let mut reader = Rtf {
        bytes,
        at: 0,
        groups: vec![Group {
            holds: Holds::Text,
            in_table: false,
            fallback: 1,
        }],
        ignored: 0,
        encoding: WINDOWS_1252,
        pending: Vec::new(),
        surrogate: None,
        skip: 0,
        field: String::new(),
        date: [0; 3],
        title: String::new(),
        about: About::default(),
        out: Builder::new(base, limits),
    };
    reader.run();
    reader.about.title = prose::title(&reader.title);
    (reader.about, reader.out.finish())
}

struct Rtf<'a> {
    bytes: &'a [u8],
    at: usize,
    groups: Vec<Group>,
    /// Open groups beyond [`DEPTH`].
    ignored: usize,
    encoding: &'static Encoding,
    /// Bytes of text that are not decoded yet.
    pending: Vec<u8>,
    surrogate: Option<u16>,
    /// Characters left that stand in for a `\u` that was read.
    skip: usize,
    field: String,
    date: [i32; 3],
    title: String,
    about: About,
    out: Builder<'a>,
}

impl Rtf<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            match byte {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                _ => self.byte(byte),
            }
        }
        self.flush();
        while self.out.in_table() {
            self.out.end_table();
        }
    }

    fn group(&mut self) -> &mut Group {
        // The first group is never taken out.
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn open(&mut self) {
        self.flush();
        if self.groups.len() < DEPTH {
            let top = *self.group();
            self.groups.push(top);
        } else {
            self.ignored += 1;
        }
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        let holds = self.group().holds;
        if self.groups.len() > 1 {
            self.groups.pop();
        }
        if holds == self.group().holds {
            return;
        }
        match holds {
            Holds::Field => {
                let code = std::mem::take(&mut self.field);
                if let Some(address) = hyperlink_field(&code) {
                    self.out.link(address, "");
                }
            }
            Holds::Created => self.about.created = self.take_date(),
            Holds::Revised => self.about.modified = self.take_date(),
            _ => {}
        }
    }

    fn take_date(&mut self) -> Option<String> {
        let [year, month, day] = std::mem::take(&mut self.date);
        prose::date(&format!("{year:04}-{month:02}-{day:02}"))
    }

    fn control(&mut self) {
        let Some(first) = self.bytes.get(self.at).copied() else {
            return;
        };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            self.symbol(first);
            return;
        }
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&rest[..length]).into_owned();
        let digits = rest[length..]
            .iter()
            .take(11)
            .enumerate()
            .take_while(|(n, b)| b.is_ascii_digit() || *n == 0 && **b == b'-')
            .count();
        let parameter = std::str::from_utf8(&rest[length..length + digits])
            .ok()
            .and_then(|d| d.parse::<i32>().ok());
        self.at += length + digits;
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.word(&word, parameter);
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'\'' => {
                let hex = self
                    .bytes
                    .get(self.at..self.at + 2)
                    .and_then(|h| std::str::from_utf8(h).ok())
                    .and_then(|h| u8::from_str_radix(h, 16).ok());
                if let Some(byte) = hex {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            b'*' => self.group().holds = Holds::Nothing,
            b'~' => self.shown(" "),
            b'_' => self.shown("-"),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'\r' | b'\n' => self.shown("\n"),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, parameter: Option<i32>) {
        match word {
            "u" => self.unicode(parameter.unwrap_or(0)),
            "uc" => self.group().fallback = usize::try_from(parameter.unwrap_or(1)).unwrap_or(1).min(8),
            "bin" => {
                let length = usize::try_from(parameter.unwrap_or(0)).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.bytes.len());
            }
            "ansicpg" => self.code_page(parameter.unwrap_or(1252)),
            "mac" => self.encoding = encoding_rs::MACINTOSH,
            "deflang" => self.about.language = language(parameter.unwrap_or(0)),
            "fldinst" => self.group().holds = Holds::Field,
            "title" => self.group().holds = Holds::Title,
            "creatim" => self.group().holds = Holds::Created,
            "revtim" => self.group().holds = Holds::Revised,
            "yr" => self.date[0] = parameter.unwrap_or(0),
            "mo" => self.date[1] = parameter.unwrap_or(0),
            "dy" => self.date[2] = parameter.unwrap_or(0),
            "shppict" | "shptxt" => self.group().holds = Holds::Text,
            "pict" => {
                self.about.pictures = true;
                self.group().holds = Holds::Nothing;
            }
            _ if SKIPPED.contains(&word) => self.group().holds = Holds::Nothing,
            _ => self.layout(word),
        }
    }

    fn layout(&mut self, word: &str) {
        match word {
            "par" | "line" | "sect" | "page" => self.shown("\n"),
            "tab" => self.shown(" "),
            "emdash" => self.shown("—"),
            "endash" => self.shown("–"),
            "bullet" => self.shown("•"),
            "lquote" => self.shown("‘"),
            "rquote" => self.shown("’"),
            "ldblquote" => self.shown("“"),
            "rdblquote" => self.shown("”"),
            "pard" => self.group().in_table = false,
            "trowd" | "intbl" => {
                self.flush();
                self.group().in_table = true;
            }
            "cell" => {
                self.flush();
                if self.group().holds == Holds::Text {
                    self.enter_table();
                    // A cell is a line of the text too; the line's end belongs to no cell.
                    self.out.end_cell();
                    self.out.end_line();
                    self.out.start_cell(1, 1);
                }
            }
            "row" => {
                self.flush();
                if self.out.in_table() {
                    self.out.end_row();
                    self.out.start_row(1);
                    self.out.start_cell(1, 1);
                }
            }
            _ => {}
        }
    }

    fn enter_table(&mut self) {
        if !self.out.in_table() {
            self.out.start_table();
            self.out.start_row(1);
            self.out.start_cell(1, 1);
        }
    }

    fn code_page(&mut self, number: i32) {
        let label = match number {
            10000 => "macintosh".to_owned(),
            65001 => "utf-8".to_owned(),
            // DOS pages have no place on the web; letters without accents are the same.
            n => format!("windows-{n}"),
        };
        self.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
    }

    fn unicode(&mut self, code: i32) {
        self.flush();
        let unit = u16::try_from(code.rem_euclid(65_536)).unwrap_or(0xfffd);
        let units: Vec<u16> = self.surrogate.take().into_iter().chain([unit]).collect();
        if (0xd800..0xdc00).contains(&unit) {
            self.surrogate = Some(unit);
        } else {
            let text = String::from_utf16_lossy(&units);
            self.shown(&text);
        }
        self.skip = self.group().fallback;
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.group().holds != Holds::Nothing {
            self.pending.push(byte);
        }
    }

    /// Decodes what is pending and shows it.
    fn flush(&mut self) {
        if !self.pending.is_empty() {
            let bytes = std::mem::take(&mut self.pending);
            let text = self.encoding.decode_without_bom_handling(&bytes).0.into_owned();
            self.put(&text);
        }
    }

    fn shown(&mut self, text: &str) {
        self.flush();
        self.put(text);
    }

    fn put(&mut self, text: &str) {
        let group = *self.group();
        match group.holds {
            Holds::Text => {
                if group.in_table {
                    self.enter_table();
                } else {
                    while self.out.in_table() {
                        self.out.end_table();
                    }
                }
                self.out.text(text);
            }
            Holds::Field => self.field.push_str(text),
            Holds::Title => self.title.push_str(text),
            Holds::Nothing | Holds::Created | Holds::Revised => {}
        }
    }
}

/// Languages by the numbers that Windows gives them; the commonest here.
fn language(number: i32) -> Option<String> {
    let tag = match number {
        2058 => "es-MX",
        1034 | 3082 => "es-ES",
        21514 => "es-US",
        1033 => "en-US",
        _ => return None,
    };
    Some(tag.to_owned())
}
