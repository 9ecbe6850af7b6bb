//! Arrays and objects of a script → lines: one line an object, nested objects inside it.

use scraper::Html;

use crate::model::LinkOrigin;

use super::attributes::looks_like_address;
use super::walk::Walker;
use crate::extract::script::Value;

/// Adds the lines of a value, if it leads anywhere at all.
pub(super) fn add(walker: &mut Walker<'_>, value: &Value, origin: LinkOrigin) {
    if leads_somewhere(value) {
        value_lines(walker, value, origin);
    }
}

fn leads_somewhere(value: &Value) -> bool {
    match value {
        Value::Text(text) => is_markup(text) || looks_like_address(text),
        Value::List(items) => items.iter().any(leads_somewhere),
        Value::Record(fields) => fields.iter().any(|(_, v)| leads_somewhere(v)),
        _ => false,
    }
}

fn is_markup(text: &str) -> bool {
    text.contains('<') && text.contains("href")
}

fn value_lines(walker: &mut Walker<'_>, value: &Value, origin: LinkOrigin) {
    match value {
        Value::Text(text) => one_line(walker, &[text.as_str()], origin),
        Value::List(items) => {
            let flat: Vec<&str> = items.iter().filter_map(as_text).collect();
            walker.open_block("#list");
            // A row of plain values is one line: label and address.
            if flat.len() == items.len() {
                one_line(walker, &flat, origin);
            } else {
                for item in items {
                    value_lines(walker, item, origin);
                }
            }
            walker.close_block();
        }
        Value::Record(fields) => {
            walker.open_block("#record");
            let own: Vec<&str> = fields
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "id" | "class" | "icon" | "color" | "target" | "type"))
                .filter_map(|(_, v)| as_text(v))
                .collect();
            one_line(walker, &own, origin);
            for (_, field) in fields {
                if matches!(field, Value::List(_) | Value::Record(_)) {
                    value_lines(walker, field, origin);
                }
            }
            walker.close_block();
        }
        Value::Number(_) | Value::Other => {}
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// One line of several strings: words as text, addresses as links that carry those words.
fn one_line(walker: &mut Walker<'_>, strings: &[&str], origin: LinkOrigin) {
    let (addresses, words): (Vec<&str>, Vec<&str>) = strings
        .iter()
        .copied()
        .filter(|s| !s.trim().is_empty())
        .partition(|s| looks_like_address(s));
    walker.begin_joined();
    let label: Vec<String> = words
        .iter()
        .filter(|w| !w.contains('<'))
        .map(|w| (*w).to_owned())
        .collect();
    for word in &words {
        if word.contains('<') {
            walker.tree(&Html::parse_fragment(word), Some(origin));
        } else {
            walker.text(word);
        }
        walker.text(" ");
    }
    for address in addresses {
        walker.add_link(address, &label.join(" "), origin);
    }
    walker.end_joined();
}
