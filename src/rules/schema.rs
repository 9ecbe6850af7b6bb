//! JSON Schema of rule files, for editors, from the same tables that read them.

use serde_json::{Map, Value, json};

use super::fields::{Key, Kind};
use super::{catalogue, format, lexicon, pack};

/// JSON Schema (2020-12) of a rule file: pack, lexicon, formats or catalogues.
#[must_use]
pub fn schema() -> Value {
    let source = object(pack::SOURCE, &[]);
    let weights = object(pack::WEIGHTS, &[]);
    let scoring = object(pack::SCORING, &[("weights", weights)]);
    let obligation = object(
        pack::OBLIGATION,
        &[
            ("codes", list(object(pack::CODE, &[]))),
            ("sources", list(source.clone())),
        ],
    );
    let of_pack = object(
        pack::PACK,
        &[
            ("in_force", object(pack::IN_FORCE, &[])),
            ("sources", list(source.clone())),
            ("scoring", scoring),
            ("obligations", list(obligation)),
        ],
    );
    let of_lexicon = object(lexicon::LEXICON, &[("hints", list(object(lexicon::HINT, &[])))]);
    let columns = || list(object(format::COLUMN, &[]));
    let child = object(format::CHILD, &[("columns", columns())]);
    let of_format = object(
        format::FORMAT,
        &[
            ("columns", columns()),
            ("children", list(child)),
            ("sources", list(source.clone())),
        ],
    );
    let of_formats = object(format::FILE, &[("formats", list(of_format))]);
    let catalogue = object(catalogue::CATALOGUE, &[("sources", list(source))]);
    let of_catalogues = object(catalogue::CATALOGUES, &[("catalogues", list(catalogue))]);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Reglas de Veedor",
        "oneOf": [of_pack, of_lexicon, of_formats, of_catalogues],
    })
}

#[expect(clippy::needless_pass_by_value, reason = "a value that json! moves in")]
fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

fn object(keys: &[Key], nested: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = match key.kind {
            Kind::Text => json!({"type": "string", "minLength": 1}),
            Kind::Date => json!({"type": "string", "format": "date"}),
            Kind::Bool => json!({"type": "boolean"}),
            Kind::Number => json!({"type": "number", "minimum": 0}),
            Kind::OneOf(valid) => json!({"enum": valid}),
            Kind::Retention => {
                json!({"type": "string", "pattern": "^(in_force|in_force_and_previous|all|unsourced|current\\+\\d+)$"})
            }
            Kind::Texts => json!({"type": "array", "items": {"type": "string", "minLength": 1}}),
            Kind::SomeOf(valid) => json!({"type": "array", "items": {"enum": valid}}),
            Kind::Nested => nested
                .iter()
                .find(|(n, _)| *n == key.name)
                .map_or(json!({}), |(_, v)| v.clone()),
        };
        value["description"] = json!(key.about);
        properties.insert(key.name.to_owned(), value);
    }
    let required: Vec<&str> = keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}
