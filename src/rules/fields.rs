//! Closed, typed access to the tree: every wrong key and value is told, none stops the reading.

use super::tree::{Node, Value};
use super::{Diagnostic, Severity};

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// ISO 8601 date.
    Date,
    /// `true` or `false`.
    Bool,
    /// Number from 0.
    Number,
    /// One of a closed list.
    OneOf(&'static [&'static str]),
    /// `current+N` or one of a closed list.
    Retention,
    /// List of texts.
    Texts,
    /// List of a closed list.
    SomeOf(&'static [&'static str]),
    /// Mapping or list read by its own table.
    Nested,
}

/// A key of a mapping: the one table for reading, for help and for the schema.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    /// What it means, in Spanish.
    pub(super) about: &'static str,
}

/// The file being read.
pub(super) struct Context<'t> {
    file: &'t str,
    lines: Vec<&'t str>,
}

impl<'t> Context<'t> {
    /// For the messages.
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self {
            file,
            lines: text.lines().collect(),
        }
    }

    /// A problem at a place.
    pub(super) fn error(&self, at: &Node, message: String, help: String) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            file: self.file.to_owned(),
            line: at.line,
            column: at.column,
            message,
            help,
            excerpt: self
                .lines
                .get(at.line.saturating_sub(1))
                .copied()
                .unwrap_or_default()
                .to_owned(),
        }
    }
}

/// A mapping read by a table of keys.
pub(super) struct Fields<'n> {
    entries: Vec<(&'static str, &'n Node)>,
}

impl<'n> Fields<'n> {
    /// Reads a mapping; unknown, repeated and missing keys and wrong values are told.
    pub(super) fn read(
        node: &'n Node,
        what: &str,
        keys: &'static [Key],
        context: &Context<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut fields = Self { entries: Vec::new() };
        let Value::Map(entries) = &node.value else {
            let names = keys.iter().map(|k| k.name).collect::<Vec<_>>().join(", ");
            found.push(context.error(
                node,
                format!("{what} debe ser un grupo de claves"),
                format!("Claves: {names}."),
            ));
            return fields;
        };
        for (key, value) in entries {
            let name = match &key.value {
                Value::Text(t) => t.as_str(),
                _ => "",
            };
            let Some(known) = keys.iter().find(|k| k.name == name) else {
                let near = closest(name, keys.iter().map(|k| k.name));
                let names = keys.iter().map(|k| k.name).collect::<Vec<_>>().join(", ");
                let guess = near.map(|n| format!("¿Quiso decir «{n}»? ")).unwrap_or_default();
                found.push(context.error(
                    key,
                    format!("clave desconocida «{name}» en {what}"),
                    format!("{guess}Claves válidas: {names}."),
                ));
                continue;
            };
            if fields.get(name).is_some() {
                found.push(context.error(
                    key,
                    format!("la clave «{name}» está repetida"),
                    "Deje una sola.".to_owned(),
                ));
                continue;
            }
            if check(known, value, context, found) {
                fields.entries.push((known.name, value));
            } else {
                // Told already: not missing as well.
                fields.entries.push((known.name, &NOTHING));
            }
        }
        for key in keys.iter().filter(|k| k.required && fields.get(k.name).is_none()) {
            found.push(context.error(
                node,
                format!("falta la clave «{}» en {what}", key.name),
                format!("«{}»: {}", key.name, key.about),
            ));
        }
        fields
    }

    /// The value of a key.
    pub(super) fn get(&self, name: &str) -> Option<&'n Node> {
        self.entries.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }

    /// Its text; empty when absent or wrong.
    pub(super) fn text(&self, name: &str) -> String {
        match self.get(name).map(|n| &n.value) {
            Some(Value::Text(t)) => t.trim().to_owned(),
            _ => String::new(),
        }
    }

    /// Its texts with their places.
    pub(super) fn texts(&self, name: &str) -> Vec<(String, &'n Node)> {
        match self.get(name).map(|n| &n.value) {
            Some(Value::List(items)) => items
                .iter()
                .filter_map(|n| match &n.value {
                    Value::Text(t) => Some((t.trim().to_owned(), n)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Items of a list.
    pub(super) fn items(&self, name: &str) -> &'n [Node] {
        match self.get(name).map(|n| &n.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// Its number; 0 when absent or wrong.
    pub(super) fn number(&self, name: &str) -> f64 {
        self.text(name).parse().unwrap_or(0.0)
    }
}

static NOTHING: Node = Node {
    value: Value::Null,
    line: 0,
    column: 0,
};

/// Whether a value is what its key takes; told when not.
fn check(key: &Key, node: &Node, context: &Context<'_>, found: &mut Vec<Diagnostic>) -> bool {
    let name = key.name;
    let mut wrong = |message: String, help: String| {
        found.push(context.error(node, message, help));
        false
    };
    let text = match &node.value {
        Value::Text(t) => Some(t.trim()),
        _ => None,
    };
    match key.kind {
        Kind::Nested => true,
        Kind::Texts | Kind::SomeOf(_) => check_list(key, node, context, found),
        _ if text.is_none_or(str::is_empty) => wrong(format!("«{name}» debe tener un texto"), key.about.to_owned()),
        Kind::Text => true,
        Kind::Date => {
            text.is_some_and(|t| t.len() == 10 && t.parse::<jiff::civil::Date>().is_ok())
                || wrong(
                    format!("«{name}» no es una fecha"),
                    "Escríbala como AAAA-MM-DD, por ejemplo 2025-03-21.".to_owned(),
                )
        }
        Kind::Bool => {
            matches!(text, Some("true" | "false"))
                || wrong(format!("«{name}» debe ser true o false"), key.about.to_owned())
        }
        Kind::Number => {
            text.is_some_and(|t| t.parse::<f64>().is_ok_and(|n| n >= 0.0 && n.is_finite()))
                || wrong(format!("«{name}» debe ser un número desde 0"), key.about.to_owned())
        }
        Kind::OneOf(valid) => {
            text.is_some_and(|t| valid.contains(&t)) || wrong(bad_value(name, text), one_of(text, valid))
        }
        Kind::Retention => {
            text.is_some_and(|t| super::pack::retention(t).is_some())
                || wrong(
                    bad_value(name, text),
                    "Valores válidos: in_force, in_force_and_previous, current+N (N de 0 a 20), all, unsourced."
                        .to_owned(),
                )
        }
    }
}

fn check_list(key: &Key, node: &Node, context: &Context<'_>, found: &mut Vec<Diagnostic>) -> bool {
    let Value::List(items) = &node.value else {
        found.push(context.error(
            node,
            format!("«{}» debe ser una lista", key.name),
            "Escríbala como [a, b] o con un guion por renglón.".to_owned(),
        ));
        return false;
    };
    for item in items {
        let text = match &item.value {
            Value::Text(t) if !t.trim().is_empty() => t.trim(),
            _ => {
                found.push(context.error(
                    item,
                    format!("«{}» tiene un elemento vacío o que no es texto", key.name),
                    "Bórrelo o escriba su texto.".to_owned(),
                ));
                continue;
            }
        };
        if let Kind::SomeOf(valid) = key.kind
            && !valid.contains(&text)
        {
            found.push(context.error(item, bad_value(key.name, Some(text)), one_of(Some(text), valid)));
        }
    }
    true
}

fn bad_value(name: &str, text: Option<&str>) -> String {
    format!("«{}» no es un valor de «{name}»", text.unwrap_or_default())
}

fn one_of(text: Option<&str>, valid: &[&'static str]) -> String {
    let near = text.and_then(|t| closest(t, valid.iter().copied()));
    let guess = near.map(|n| format!("¿Quiso decir «{n}»? ")).unwrap_or_default();
    format!("{guess}Valores válidos: {}.", valid.join(", "))
}

/// The name most alike, if it is alike at all.
pub(super) fn closest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|n| (strsim::jaro_winkler(text, n), n))
        .filter(|(alike, _)| *alike > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, n)| n)
}
