//! Makes text of strangers harmless where a format has no escaping of its own.

use crate::text::personal::{mask, mask_address};
use unicode_normalization::UnicodeNormalization;

/// Control characters, bidi overrides and invisible joiners become `�`; line breaks and tabs a space. Composed form. Personal data
/// is masked: what is shown to people is shown through this.
pub(super) fn line(text: &str) -> String {
    let clean = address(text);
    mask(&clean).into_owned()
}

/// The same of an address that is shown.
pub(super) fn shown_address(text: &str) -> String {
    mask_address(&address(text))
}

/// The same of an address or path, which has to stay whole to lead anywhere.
pub(super) fn address(text: &str) -> String {
    text.nfc()
        .map(|c| match c {
            '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
            c if c.is_control() || is_invisible(c) => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// Characters that reorder or hide what stands beside them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A cell that no spreadsheet takes for a formula.
pub(super) fn cell(text: &str) -> String {
    harmless(text, line(text))
}

/// The same of an address.
pub(super) fn address_cell(text: &str) -> String {
    harmless(text, address(text))
}

fn harmless(text: &str, clean: String) -> String {
    let opens_formula = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let harmful = text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(opens_formula);
    if harmful || clean.trim_start().starts_with(opens_formula) {
        format!("'{clean}")
    } else {
        clean
    }
}

/// The address, when it is one that a reader may follow.
pub(super) fn link(url: &str) -> Option<String> {
    let parsed = url::Url::parse(url).ok()?;
    matches!(parsed.scheme(), "http" | "https").then(|| parsed.to_string())
}

/// A link to a file of the case, when the path stays inside of it.
pub(super) fn inside(base: &str, path: &str) -> Option<String> {
    let stays = !path.starts_with('/')
        && !path.contains([':', '\\', '?', '#', '%'])
        && path.split('/').all(|part| !part.is_empty() && part != "..");
    stays.then(|| format!("{base}{path}"))
}
