//! Lists of values that columns of formats take, by name.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::fields::{Context, Fields, Key, Kind};
use super::tree::Node;
use super::{Diagnostic, Severity, pack};

/// Keys of a file of catalogues.
pub(super) static CATALOGUES: &[Key] = &[Key {
    name: "catalogues",
    kind: Kind::Nested,
    required: true,
    about: "lista de catálogos",
}];
/// Keys of a catalogue.
pub(super) static CATALOGUE: &[Key] = &[
    Key {
        name: "name",
        kind: Kind::Text,
        required: true,
        about: "nombre con que los formatos lo citan",
    },
    Key {
        name: "values",
        kind: Kind::Texts,
        required: true,
        about: "valores admitidos, como están en la hoja",
    },
    Key {
        name: "sources",
        kind: Kind::Nested,
        required: true,
        about: "de dónde salen los valores",
    },
];

/// One list of values.
struct Catalogue<'t> {
    values: Vec<String>,
    used: Cell<bool>,
    file: &'t Context<'t>,
    at: &'t Node,
}

/// All of them, by name; remembers which were asked for.
#[derive(Default)]
pub(super) struct Catalogues<'t>(BTreeMap<String, Catalogue<'t>>);

impl<'t> Catalogues<'t> {
    /// Adds those of a file; one of an earlier file is replaced when `replaces`.
    pub(super) fn read(&mut self, root: &'t Node, file: &'t Context<'t>, replaces: bool, found: &mut Vec<Diagnostic>) {
        let fields = Fields::read(root, "el archivo de catálogos", CATALOGUES, file, found);
        let mut here = BTreeMap::new();
        for at in fields.items("catalogues") {
            let own = Fields::read(at, "el catálogo", CATALOGUE, file, found);
            let _ = pack::sources(&own, "el catálogo", file, found);
            let catalogue = Catalogue {
                values: own.texts("values").into_iter().map(|(t, _)| t).collect(),
                used: Cell::new(false),
                file,
                at,
            };
            let name = own.text("name");
            if name.is_empty() {
                continue;
            }
            if here.contains_key(&name) || !replaces && self.0.contains_key(&name) {
                found.push(file.error(
                    at,
                    format!("el catálogo «{name}» está repetido"),
                    "Deje uno solo, o dé a éste otro nombre.".to_owned(),
                ));
            }
            here.insert(name, catalogue);
        }
        self.0.extend(here);
    }

    /// The values of one.
    pub(super) fn values(&self, name: &str) -> Option<&[String]> {
        let catalogue = self.0.get(name)?;
        catalogue.used.set(true);
        Some(&catalogue.values)
    }

    /// Their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Tells those that no column asked for.
    pub(super) fn tell_unused(&self, found: &mut Vec<Diagnostic>) {
        for (name, catalogue) in self.0.iter().filter(|(_, c)| !c.used.get()) {
            let mut told = catalogue.file.error(
                catalogue.at,
                format!("ninguna columna usa el catálogo «{name}»"),
                "Bórrelo, o revise el nombre con que los formatos lo citan.".to_owned(),
            );
            told.severity = Severity::Warning;
            found.push(told);
        }
    }
}
