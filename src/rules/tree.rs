//! YAML → a tree that knows where each value stands.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::Diagnostic;

/// A value with its place (line and column from 1).
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A YAML value; numbers and booleans stay as text until a field says what they are.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Nothing.
    Null,
    /// A scalar.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the order written.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Whether it is a mapping with this key.
    pub(super) fn has_key(&self, key: &str) -> bool {
        matches!(&self.value, Value::Map(entries) if entries.iter().any(|(k, _)| matches!(&k.value, Value::Text(t) if t == key)))
    }
}

/// Parses a file; a syntax error is added to `found`.
pub(super) fn parse(file: &str, text: &str, found: &mut Vec<Diagnostic>) -> Option<Node> {
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, serde_saphyr::options! { strict_booleans: true }) {
        Ok(raw) => Some(node(raw)),
        Err(error) => {
            let place = error.location();
            let (line, column) = place.map_or((0, 0), |l| (usize_of(l.line()), usize_of(l.column())));
            let rendered = error.render_with_options(plain());
            let first = rendered.lines().next().unwrap_or_default();
            let first = in_spanish(error.without_snippet(), first).unwrap_or_else(|| first.to_owned());
            let tab = text
                .lines()
                .skip(line.saturating_sub(1))
                .take(2)
                .any(|l| l.trim_start_matches(' ').starts_with('\t'));
            found.push(Diagnostic {
                severity: super::Severity::Error,
                file: file.to_owned(),
                line,
                column,
                message: format!("el YAML no se puede leer: {first}"),
                help: if tab {
                    "Hay una línea que empieza con tabulador; en YAML la sangría se hace con espacios.".to_owned()
                } else {
                    "Revise la sangría, las comillas y los dos puntos de esta línea y de la anterior.".to_owned()
                },
                excerpt: text.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned(),
            });
            None
        }
    }
}

fn plain() -> serde_saphyr::RenderOptions<'static> {
    let mut options = serde_saphyr::RenderOptions::default();
    options.snippets = serde_saphyr::SnippetMode::Off;
    // The other formatter speaks to programmers who call the library.
    options.formatter = &serde_saphyr::UserMessageFormatter;
    options
}

/// What the usual mistakes are; `None` for those of which the reader's own words are good enough.
fn in_spanish(error: &serde_saphyr::Error, words: &str) -> Option<String> {
    use serde_saphyr::Error;
    Some(match error {
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("la clave «{key}» está repetida"),
        Error::DuplicateMappingKey { .. } => "una clave está repetida".to_owned(),
        Error::MultipleDocuments { .. } => "hay varios documentos en un archivo (separados por «---»)".to_owned(),
        Error::Eof { .. } => "termina antes de tiempo".to_owned(),
        Error::UnknownAnchor { .. } => "usa una referencia («*») que no está definida".to_owned(),
        Error::MergeKeyNotAllowed { .. } => "no se permite la clave «<<»".to_owned(),
        _ if words.contains("too large or too complex") => "es demasiado grande o está demasiado anidado".to_owned(),
        _ if words.contains("recursion limit") => "está demasiado anidado".to_owned(),
        _ => return None,
    })
}

fn usize_of<T: TryInto<usize>>(n: T) -> usize {
    n.try_into().unwrap_or(0)
}

enum Raw {
    Null,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

fn node(raw: Spanned<Raw>) -> Node {
    let (line, column) = (usize_of(raw.referenced.line()), usize_of(raw.referenced.column()));
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Text(t) => Value::Text(t),
        Raw::List(items) => Value::List(items.into_iter().map(node).collect()),
        Raw::Map(entries) => Value::Map(entries.into_iter().map(|(k, v)| (node(k), node(v))).collect()),
    };
    Node { value, line, column }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyValue;
        impl<'de> Visitor<'de> for AnyValue {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a YAML value")
            }

            fn visit_bool<E>(self, v: bool) -> Result<Raw, E> {
                Ok(Raw::Text(v.to_string()))
            }

            fn visit_i64<E>(self, v: i64) -> Result<Raw, E> {
                Ok(Raw::Text(v.to_string()))
            }

            fn visit_u64<E>(self, v: u64) -> Result<Raw, E> {
                Ok(Raw::Text(v.to_string()))
            }

            fn visit_f64<E>(self, v: f64) -> Result<Raw, E> {
                Ok(Raw::Text(v.to_string()))
            }

            fn visit_str<E>(self, v: &str) -> Result<Raw, E> {
                Ok(Raw::Text(v.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_none<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<Raw, D::Error> {
                Raw::deserialize(d)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element::<Spanned<Raw>>()? {
                    items.push(item);
                }
                Ok(Raw::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry::<Spanned<Raw>, Spanned<Raw>>()? {
                    entries.push(entry);
                }
                Ok(Raw::Map(entries))
            }
        }
        deserializer.deserialize_any(AnyValue)
    }
}
