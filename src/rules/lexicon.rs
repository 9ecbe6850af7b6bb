//! Words of the language of portals that belong to no obligation: placeholders, negatives, what leads on, what to crawl first.

use super::Diagnostic;
use super::fields::{Context, Fields, Key, Kind};
use super::tree::Node;
use crate::text::fold;

/// Phrases, folded (`text::fold`).
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// Promises and placeholders: "en construcción", "próximamente".
    pub placeholders: Vec<String>,
    /// Openings of reasoned negatives: "no se generó".
    pub negatives: Vec<String>,
    /// Roots of verbs that, negated, say that there is nothing to publish: "no se han **recib**ido".
    pub negated_verbs: Vec<String>,
    /// Words that only lead on: "descargar", "ver".
    pub actions: Vec<String>,
    /// Words of menus: "inicio", "regresar".
    pub navigation: Vec<String>,
    /// Phrases of the law and of page templates: "deberá publicarse", "periodo de conservación". Lines with them inform of nothing.
    pub templates: Vec<String>,
    /// Phrases that tell a crawl what to take first, with their weight.
    pub hints: Vec<(String, f64)>,
}

/// Keys of the lexicon.
pub(super) static LEXICON: &[Key] = &[
    Key {
        name: "lexicon",
        kind: Kind::Text,
        required: true,
        about: "idioma, por ejemplo es-MX",
    },
    Key {
        name: "placeholders",
        kind: Kind::Texts,
        required: true,
        about: "promesas y rellenos: su presencia dice que no hay información",
    },
    Key {
        name: "negatives",
        kind: Kind::Texts,
        required: true,
        about: "comienzos de una negativa motivada",
    },
    Key {
        name: "negated_verbs",
        kind: Kind::Texts,
        required: true,
        about: "raíces de verbos que, negados, dicen que no hay qué publicar",
    },
    Key {
        name: "actions",
        kind: Kind::Texts,
        required: true,
        about: "palabras que sólo conducen a otra parte",
    },
    Key {
        name: "navigation",
        kind: Kind::Texts,
        required: true,
        about: "palabras del menú: un enlace así no es de ninguna obligación",
    },
    Key {
        name: "templates",
        kind: Kind::Texts,
        required: true,
        about: "frases de la ley y de las plantillas de página: lo que las lleva no informa de nada",
    },
    Key {
        name: "hints",
        kind: Kind::Nested,
        required: true,
        about: "frases que la captura sigue primero: {phrase, weight}",
    },
];
/// Keys of a hint.
pub(super) static HINT: &[Key] = &[
    Key {
        name: "phrase",
        kind: Kind::Text,
        required: true,
        about: "la frase",
    },
    Key {
        name: "weight",
        kind: Kind::Number,
        required: true,
        about: "qué tan pronto se sigue; mayor es antes",
    },
];

/// Reads the lexicon.
pub(super) fn read(root: &Node, context: &Context<'_>, found: &mut Vec<Diagnostic>) -> Option<Lexicon> {
    let fields = Fields::read(root, "el léxico", LEXICON, context, found);
    fields.get("lexicon")?;
    let folded = |name: &str| fields.texts(name).iter().map(|(t, _)| fold(t)).collect();
    let hints = fields
        .items("hints")
        .iter()
        .map(|n| {
            let own = Fields::read(n, "la pista", HINT, context, found);
            (fold(&own.text("phrase")), own.number("weight"))
        })
        .collect();
    Some(Lexicon {
        placeholders: folded("placeholders"),
        negatives: folded("negatives"),
        negated_verbs: folded("negated_verbs"),
        actions: folded("actions"),
        navigation: folded("navigation"),
        templates: folded("templates"),
        hints,
    })
}
