//! What all readers of prose share: how text is tidied, which title and date of a document are worth telling.

use jiff::civil::Date;

/// Years in which a document about public transparency can have been made.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Titles that programs give, in lower case: what such a title begins with.
const NO_TITLES: &[&str] = &[
    "microsoft word -",
    "microsoft excel -",
    "microsoft powerpoint -",
    "untitled",
    "sin título",
    "sin titulo",
    "documento sin título",
    "powerpoint presentation",
    "presentación de powerpoint",
    "presentacion de powerpoint",
    "word document",
    "full page photo",
    "print job",
    "scanned document",
];

/// Titles that are one of these words and a number at most.
const NUMBERED: &[&str] = &[
    "documento",
    "document",
    "libro",
    "book",
    "slide",
    "diapositiva",
    "scan",
    "img",
    "doc",
];

/// Ends of file names.
const EXTENSIONS: &[&str] = &[
    ".doc", ".docx", ".xls", ".xlsx", ".xlsm", ".pdf", ".ppt", ".pptx", ".pub", ".cdr", ".tif", ".tiff", ".jpg",
    ".jpeg", ".png", ".dwg", ".indd", ".ai", ".odt", ".ods", ".rtf", ".txt", ".rpt",
];

/// A document's own title when it says something: not the name of a file or what a program puts where nobody wrote one.
pub(super) fn title(written: &str) -> Option<String> {
    let text = tidy(written).replace('\n', " ");
    let lower = text.to_lowercase();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '_' | '-' | '(' | ')' | '.'));
    let meaningless = letters < 4
        || NO_TITLES.iter().any(|t| lower.starts_with(t))
        || NUMBERED.contains(&bare)
        || EXTENSIONS.iter().any(|e| lower.ends_with(e));
    (!meaningless).then(|| text.chars().take(300).collect())
}

/// ISO 8601 date at the start of a date of PDF (`D:20190331…`, ISO 32000-1, 7.9.4) or of XML (`2019-03-31T…`); `None` for what is
/// no date or cannot be true.
pub(super) fn date(written: &str) -> Option<String> {
    let text = written.trim();
    let text = text.strip_prefix("D:").unwrap_or(text);
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-').unwrap_or(rest), 2).unwrap_or((1, ""));
    let (day, _) = digits(rest.strip_prefix('-').unwrap_or(rest), 2).unwrap_or((1, ""));
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    YEARS.contains(&date.year()).then(|| date.to_string())
}

/// A language tag, if it looks like one (BCP 47).
pub(super) fn language(written: &str) -> Option<String> {
    let tag = written.trim();
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    let sound = (2..=3).contains(&primary.len())
        && tag.len() <= 20
        && tag
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    sound.then(|| tag.replace('_', "-"))
}

fn digits(text: &str, count: usize) -> Option<(i16, &str)> {
    let head = text.get(..count)?;
    let number = head.bytes().all(|b| b.is_ascii_digit()).then(|| head.parse().ok())??;
    Some((number, &text[count..]))
}

/// Text with spaces collapsed within lines, without empty lines and control characters, and with ligatures written out.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\u{c}' | '\u{2028}' | '\u{2029}' => {
                space = false;
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
            }
            c if c.is_whitespace() => space = true,
            // Private use, marks without width and control characters are no text.
            '\u{e000}'..='\u{f8ff}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fffd}' => {}
            c if c.is_control() => {}
            c => {
                if space && !out.is_empty() && !out.ends_with('\n') {
                    out.push(' ');
                }
                space = false;
                match ligature(c) {
                    Some(letters) => out.push_str(letters),
                    None => out.push(c),
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_programs_are_none() {
        for none in [
            "Microsoft Word - acta.doc",
            "untitled",
            "Documento1",
            "acta 3.pdf",
            "  ",
            "DOC-2019 (1)",
            "12/3",
        ] {
            assert_eq!(title(none), None, "{none}");
        }
        assert_eq!(title(" Plan  Municipal\n2018 ").as_deref(), Some("Plan Municipal 2018"));
        assert_eq!(title("Libro blanco de obras").as_deref(), Some("Libro blanco de obras"));
    }

    #[test]
    fn dates_that_cannot_be_true_are_none() {
        assert_eq!(date("D:20190312110500-06'00'").as_deref(), Some("2019-03-12"));
        assert_eq!(date("2020-02-29T10:00:00Z").as_deref(), Some("2020-02-29"));
        assert_eq!(date("D:2018").as_deref(), Some("2018-01-01"));
        for none in [
            "D:00000000",
            "D:20191340",
            "D:19040101",
            "99991231",
            "2019-02-30",
            "ayer",
            "",
            "D:201",
        ] {
            assert_eq!(date(none), None, "{none}");
        }
    }

    #[test]
    fn text_is_tidied() {
        assert_eq!(tidy("  a \u{a0} b\r\n\n \u{1}\nﬁn\u{ad} "), "a b\nfin");
    }
}
