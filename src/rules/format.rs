//! A format file's YAML → [`Format`]s: the tables that guidelines prescribe for an obligation.

use crate::model::{ChildTable, Column, ColumnKind, ColumnRole, Format, Lineage, Pack};
use crate::text::header::header;

use super::catalogue::Catalogues;
use super::fields::{Context, Fields, Key, Kind, closest};
use super::tree::Node;
use super::{Diagnostic, Severity, pack};

/// Kinds of column, in the order of the codes 1–14 of the official templates.
const KINDS: &[(&str, ColumnKind)] = &[
    ("short_text", ColumnKind::ShortText),
    ("long_text", ColumnKind::LongText),
    ("number", ColumnKind::Number),
    ("date", ColumnKind::Date),
    ("time", ColumnKind::Time),
    ("money", ColumnKind::Money),
    ("hyperlink", ColumnKind::Hyperlink),
    ("file", ColumnKind::File),
    ("catalogue", ColumnKind::Catalogue),
    ("child", ColumnKind::Child),
    ("separator", ColumnKind::Separator),
    ("year", ColumnKind::Year),
    ("update_date", ColumnKind::UpdateDate),
    ("note", ColumnKind::Note),
];
const KIND_NAMES: &[&str] = &[
    "short_text",
    "long_text",
    "number",
    "date",
    "time",
    "money",
    "hyperlink",
    "file",
    "catalogue",
    "child",
    "separator",
    "year",
    "update_date",
    "note",
];

const fn key(name: &'static str, kind: Kind, required: bool, about: &'static str) -> Key {
    Key {
        name,
        kind,
        required,
        about,
    }
}

/// Keys of a format file.
pub(super) static FILE: &[Key] = &[
    key(
        "obligations",
        Kind::Texts,
        true,
        "obligaciones que atienden, como paquete:id; vacía, ninguna de la ley general",
    ),
    key("jurisdiction", Kind::Text, true, "MX, o MX y la clave del estado"),
    key("formats", Kind::Nested, true, "lista de formatos"),
];
/// Keys of a format.
pub(super) static FORMAT: &[Key] = &[
    key(
        "id",
        Kind::Text,
        true,
        "edición y artículo.fracción[.inciso], por ejemplo ltg2018-70.II.a",
    ),
    key("edition", Kind::Text, true, "edición de los lineamientos"),
    key("title", Kind::Text, true, "título de la hoja"),
    key("short_name", Kind::Text, true, "nombre corto"),
    key("titles", Kind::Texts, false, "otros títulos con que se le conoce"),
    key(
        "jurisdiction",
        Kind::Text,
        false,
        "la del estado del que se leyó la variante",
    ),
    key(
        "whole",
        Kind::Bool,
        false,
        "false si no se conoce la lista completa de columnas",
    ),
    key(
        "columns",
        Kind::Nested,
        true,
        "columnas en orden; [] si sólo se conoce el título",
    ),
    key("children", Kind::Nested, false, "tablas hijas: {name, columns}"),
    key("sources", Kind::Nested, true, "de dónde sale cada dato"),
];
/// Keys of a column.
pub(super) static COLUMN: &[Key] = &[
    key("label", Kind::Text, true, "encabezado como está impreso"),
    key("kind", Kind::OneOf(KIND_NAMES), true, "tipo de lo que contiene"),
    key(
        "catalogue",
        Kind::Text,
        false,
        "nombre de la lista de valores, si es de catálogo",
    ),
    key("child", Kind::Text, false, "tabla hija a la que remite"),
    key(
        "required",
        Kind::Bool,
        false,
        "false si un registro puede dejarla vacía",
    ),
    key("repeats", Kind::Bool, false, "true si la hoja repite ese encabezado"),
];
/// Keys of a child table.
pub(super) static CHILD: &[Key] = &[
    key("name", Kind::Text, true, "nombre dentro del formato"),
    key("columns", Kind::Nested, true, "columnas en orden, ID la primera"),
];

/// What a format is read against.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    pub(super) packs: &'k [Pack],
    pub(super) catalogues: &'k Catalogues<'k>,
}

/// Reads a file, with the place of each format.
pub(super) fn read<'n>(
    root: &'n Node,
    context: &Context<'_>,
    known: Known<'_>,
    found: &mut Vec<Diagnostic>,
) -> Vec<(Format, &'n Node)> {
    let fields = Fields::read(root, "el archivo de formatos", FILE, context, found);
    let obligations = obligations(&fields, context, known.packs, found);
    let jurisdiction = fields.text("jurisdiction");
    fields
        .items("formats")
        .iter()
        .map(|node| {
            let mut format = format(node, context, known, found);
            format.obligations.clone_from(&obligations);
            if format.jurisdiction.is_empty() {
                format.jurisdiction.clone_from(&jurisdiction);
            }
            (format, node)
        })
        .collect()
}

fn obligations(
    fields: &Fields<'_>,
    context: &Context<'_>,
    packs: &[Pack],
    found: &mut Vec<Diagnostic>,
) -> Vec<Lineage> {
    let mut all = Vec::new();
    for (text, at) in fields.texts("obligations") {
        let named = text.split_once(':');
        let exists = named.is_some_and(|(pack, id)| {
            packs
                .iter()
                .any(|p| p.id == pack && p.obligations.iter().any(|o| o.id == id))
        });
        if !exists {
            found.push(context.error(
                at,
                format!("«{text}» no es una obligación de ningún paquete"),
                "Escríbala como paquete:id, por ejemplo mx-lgtaip-2015:70.II.".to_owned(),
            ));
        }
        if let Some((pack, id)) = named {
            all.push(Lineage {
                pack: pack.to_owned(),
                id: id.to_owned(),
            });
        }
    }
    all
}

fn format(node: &Node, context: &Context<'_>, known: Known<'_>, found: &mut Vec<Diagnostic>) -> Format {
    let fields = Fields::read(node, "el formato", FORMAT, context, found);
    let mut tables: Vec<(String, &Node, bool)> = Vec::new();
    let mut children = Vec::new();
    for at in fields.items("children") {
        let own = Fields::read(at, "la tabla hija", CHILD, context, found);
        let name = own.text("name");
        if tables.iter().any(|(n, _, _)| *n == name) {
            found.push(context.error(
                at,
                format!("la tabla hija «{name}» está repetida"),
                "Deje una sola.".to_owned(),
            ));
        }
        let columns = columns(&own, &mut [], context, known, found);
        tables.push((name.clone(), at, false));
        children.push(ChildTable { name, columns });
    }
    let columns = columns(&fields, &mut tables, context, known, found);
    for (name, at, _) in tables.iter().filter(|(_, _, used)| !used) {
        found.push(warning(
            context,
            at,
            format!("ninguna columna remite a la tabla hija «{name}»"),
            "Agregue «child:» a la columna que remite a ella.",
        ));
    }
    Format {
        id: fields.text("id"),
        edition: fields.text("edition"),
        title: fields.text("title"),
        short_name: fields.text("short_name"),
        titles: fields.texts("titles").into_iter().map(|(t, _)| t).collect(),
        jurisdiction: fields.text("jurisdiction"),
        obligations: Vec::new(),
        whole: fields.text("whole") != "false" && !columns.is_empty(),
        columns,
        children,
        sources: pack::sources(&fields, "el formato", context, found),
    }
}

fn columns(
    fields: &Fields<'_>,
    tables: &mut [(String, &Node, bool)],
    context: &Context<'_>,
    known: Known<'_>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Column> {
    let mut seen: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for node in fields.items("columns") {
        let own = Fields::read(node, "la columna", COLUMN, context, found);
        let label = own.text("label");
        let folded = header(&label);
        if seen.contains(&folded) && own.text("repeats") != "true" {
            found.push(warning(
                context,
                node,
                format!("la columna «{label}» está repetida"),
                "Bórrela, o póngale «repeats: true» si la hoja la repite.",
            ));
        }
        let kind = KINDS
            .iter()
            .find(|(name, _)| *name == own.text("kind"))
            .map_or(ColumnKind::ShortText, |(_, kind)| *kind);
        let role = role(&folded);
        let catalogue = catalogue(&own, kind, context, known.catalogues, found);
        let child = child(&own, kind, tables, context, found);
        let optional = matches!(kind, ColumnKind::Note | ColumnKind::Separator) || folded.contains("en su caso");
        all.push(Column {
            required: match own.text("required").as_str() {
                "true" => true,
                "false" => false,
                _ => !optional,
            },
            label,
            kind,
            role,
            catalogue,
            child,
        });
        seen.push(folded);
    }
    all
}

fn catalogue(
    own: &Fields<'_>,
    kind: ColumnKind,
    context: &Context<'_>,
    catalogues: &Catalogues<'_>,
    found: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let name = own.text("catalogue");
    let Some(at) = own.get("catalogue").filter(|_| !name.is_empty()) else {
        return Vec::new();
    };
    if kind != ColumnKind::Catalogue {
        found.push(context.error(
            at,
            format!("la columna «{}» tiene catálogo y no es de ese tipo", own.text("label")),
            "Escriba «kind: catalogue», o quite el catálogo.".to_owned(),
        ));
    }
    catalogues.values(&name).map_or_else(
        || {
            let near = closest(&name, catalogues.names());
            let guess = near.map(|n| format!("¿Quiso decir «{n}»? ")).unwrap_or_default();
            found.push(context.error(
                at,
                format!("no hay un catálogo «{name}»"),
                format!("{guess}Los catálogos están en archivos que empiezan con «catalogues:»."),
            ));
            Vec::new()
        },
        <[String]>::to_vec,
    )
}

fn child(
    own: &Fields<'_>,
    kind: ColumnKind,
    tables: &mut [(String, &Node, bool)],
    context: &Context<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let name = own.text("child");
    let at = own.get("child").filter(|_| !name.is_empty())?;
    if kind != ColumnKind::Child {
        found.push(context.error(
            at,
            format!(
                "la columna «{}» remite a una tabla hija y no es de ese tipo",
                own.text("label")
            ),
            "Escriba «kind: child», o quite la tabla.".to_owned(),
        ));
    }
    let position = tables.iter().position(|(n, _, _)| *n == name);
    match position {
        Some(table) => tables[table].2 = true,
        None => found.push(context.error(
            at,
            format!("no hay una tabla hija «{name}» en este formato"),
            "Agréguela en «children», con ese «name».".to_owned(),
        )),
    }
    position
}

/// What a folded header says of every record: the fixed head and tail of the official layouts (LTG).
fn role(folded: &str) -> ColumnRole {
    match folded {
        "ejercicio" => ColumnRole::FiscalYear,
        "nota" => ColumnRole::Note,
        "area responsable de la informacion" | "nombre del funcionario responsable de generar la informacion" => {
            ColumnRole::Area
        }
        _ if folded.starts_with("fecha de actualizacion") => ColumnRole::Updated,
        _ if folded.starts_with("fecha de validacion") => ColumnRole::Validated,
        _ if folded.starts_with("area s responsable s que genera") => ColumnRole::Area,
        _ if folded.ends_with("periodo que se informa") => match folded.strip_prefix("fecha ") {
            Some(rest) if rest.contains("termino") => ColumnRole::PeriodEnd,
            Some(rest) if rest.contains("inicio") || rest.contains("incio") => ColumnRole::PeriodStart,
            _ => ColumnRole::Own,
        },
        _ => ColumnRole::Own,
    }
}

fn warning(context: &Context<'_>, at: &Node, message: String, help: &str) -> Diagnostic {
    let mut told = context.error(at, message, help.to_owned());
    told.severity = Severity::Warning;
    told
}

/// Name of a kind of column in rule files.
#[must_use]
pub fn kind_name(kind: ColumnKind) -> &'static str {
    KINDS.iter().find(|(_, k)| *k == kind).map_or("", |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_and_tail_are_known_by_their_headers() {
        let of = |text: &str| role(&header(text));
        assert_eq!(of("Ejercicio"), ColumnRole::FiscalYear);
        assert_eq!(
            of("Fecha de inicio del periodo que se informa (día/mes/año)"),
            ColumnRole::PeriodStart
        );
        assert_eq!(of("FECHA DE TÉRMINO DEL PERIODO QUE SE INFORMA"), ColumnRole::PeriodEnd);
        assert_eq!(
            of("Fecha Inicio Periodo que se informa (dd/mm/aaaa)"),
            ColumnRole::PeriodStart
        );
        assert_eq!(
            of("Área(s) responsable(s) que genera(n), posee(n), publica(n) y actualiza(n) la información"),
            ColumnRole::Area
        );
        assert_eq!(
            of("Fecha de validación de la información (día/mes/año)"),
            ColumnRole::Validated
        );
        assert_eq!(of("Fecha de Actualización"), ColumnRole::Updated);
        assert_eq!(of("Fecha de publicación"), ColumnRole::Own);
        assert_eq!(of("Fecha de inicio de vigencia"), ColumnRole::Own);
        assert_eq!(of("Nota"), ColumnRole::Note);
        assert_eq!(of("Avance de las metas al periodo que se informa"), ColumnRole::Own);
    }

    #[test]
    fn every_kind_has_a_name() {
        let names: Vec<&str> = KINDS.iter().map(|(n, _)| *n).collect();
        assert_eq!(names, KIND_NAMES);
    }
}
