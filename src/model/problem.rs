//! Kinds of problems that checking a table can tell: one row a kind, from which messages, exit codes and SARIF rules come.

use super::Level;

/// One kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemKind {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What it is, in Spanish, without final stop.
    pub title: &'static str,
    /// How to mend it, in Spanish.
    pub remedy: &'static str,
}

/// Declares the kinds and the list of them all.
macro_rules! kinds {
    ($($name:ident = $code:literal, $level:ident, $title:literal, $remedy:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: ProblemKind = ProblemKind {
                code: $code,
                level: Level::$level,
                title: $title,
                remedy: $remedy,
            };
        )*

        /// All kinds, in the order of reports.
        pub const ALL: &[ProblemKind] = &[$($name),*];
    };
}

kinds! {
    UNREADABLE = "unreadable", Error, "No se pudo leer el archivo",
        "Ábralo y guárdelo otra vez como libro de Excel (.xlsx) sin contraseña.";
    WRONG_EXTENSION = "wrong-extension", Warning, "La extensión no corresponde al contenido",
        "Guárdelo con la extensión de lo que es, o ábralo y guárdelo como .xlsx.";
    PARTLY_READ = "partly-read", Note, "Sólo se leyó una parte del archivo",
        "Divida el archivo; lo que pasa del límite no se revisó.";
    UNRECOGNISED_FORMAT = "unrecognised-format", Warning, "No corresponde a ningún formato conocido",
        "Use la plantilla oficial, o indique el formato con --as.";
    HEADER_NOT_FOUND = "header-not-found", Error, "No se encontraron los encabezados del formato",
        "Use la plantilla oficial del formato, con sus encabezados.";
    MISSING_COLUMN = "missing-column", Error, "Falta una columna del formato",
        "Agregue la columna en su lugar, con ese encabezado.";
    MISSING_OPTIONAL_COLUMN = "missing-optional-column", Warning, "Falta una columna que sólo se llena en algunos casos",
        "Agregue la columna en su lugar; puede quedar vacía.";
    UNKNOWN_COLUMN = "unknown-column", Warning, "Columna que el formato no tiene",
        "Quite la columna, o pase su contenido a la que le toca.";
    COLUMN_OUT_OF_ORDER = "column-out-of-order", Warning, "Columna fuera de su lugar",
        "Devuélvala al lugar que tiene en el formato.";
    MISSPELT_HEADER = "misspelt-header", Warning, "Encabezado mal escrito",
        "Escriba el encabezado como está en el formato.";
    EMPTY_TEMPLATE = "empty-template", Error, "Plantilla sin datos ni nota",
        "Llene los renglones del periodo o, si no hubo información, explique el motivo en la columna Nota.";
    NO_ROWS_REASONED = "no-rows-reasoned", Note, "Sin renglones, con nota que da el motivo",
        "Nada que corregir, si el motivo sigue siendo cierto.";
    BLANK_ROW = "blank-row", Warning, "Renglón sin datos propios",
        "Llénelo, bórrelo o explique el motivo en la columna Nota.";
    INCOMPLETE_ROW = "incomplete-row", Error, "Renglón sin ejercicio ni periodo",
        "Complete el renglón: cada uno es un registro con su ejercicio, periodo, área y fechas; si sobra, bórrelo.";
    DUPLICATE_ROW = "duplicate-row", Warning, "Renglón repetido",
        "Deje uno solo o corrija el que debía ser distinto.";
    PLACEHOLDER = "placeholder", Error, "Texto de relleno",
        "Escriba el dato o deje la celda vacía y explique el motivo en la columna Nota.";
    ONLY_NOT_AVAILABLE = "only-not-available", Warning, "Casi todo dice «ND» o «N/A»",
        "Escriba los datos, o deje vacías las celdas y explique el motivo en la columna Nota.";
    FRAME_CELL_EMPTY = "frame-cell-empty", Error, "Falta el ejercicio, el periodo, el área o la fecha de actualización",
        "Llene esa celda en todos los renglones: cada uno es un registro completo.";
    REQUIRED_CELL_EMPTY = "required-cell-empty", Warning, "Celdas vacías que el formato pide llenar",
        "Llénelas o explique en la columna Nota de cada renglón por qué no hay dato.";
    IMPOSSIBLE_DATE = "impossible-date", Error, "Fecha que no existe",
        "Corrija la fecha: día/mes/año, por ejemplo 30/06/2024.";
    ABSURD_DATE = "absurd-date", Error, "Fecha con un año imposible",
        "Corrija el año.";
    NOT_A_DATE = "not-a-date", Error, "No es una fecha",
        "Escriba sólo la fecha, día/mes/año; lo demás va en la columna Nota.";
    DATE_AS_TEXT = "date-as-text", Warning, "Fecha escrita de otra manera",
        "Escríbala como día/mes/año con cuatro cifras de año, por ejemplo 30/06/2024.";
    DATE_AS_NUMBER = "date-as-number", Warning, "Fecha que se ve como número",
        "Dé a la celda formato de fecha: dd/mm/aaaa.";
    NOT_A_YEAR = "not-a-year", Error, "No es un año",
        "Escriba el año con cuatro cifras, por ejemplo 2024.";
    NOT_A_TIME = "not-a-time", Warning, "No es una hora",
        "Escriba la hora como hh:mm, por ejemplo 09:30.";
    NOT_A_NUMBER = "not-a-number", Error, "Texto en una columna de números",
        "Escriba sólo el número; la explicación va en la columna Nota.";
    NUMBER_AS_TEXT = "number-as-text", Warning, "Número escrito con signos o separadores",
        "Escriba sólo cifras y punto decimal: sin $, %, comas ni letras.";
    DECIMAL_COMMA = "decimal-comma", Warning, "Número con coma decimal",
        "Use punto para los decimales: en México la coma separa millares.";
    FORMULA_ERROR = "formula-error", Error, "Error de fórmula",
        "Corrija la fórmula o escriba el valor.";
    NOT_IN_CATALOGUE = "not-in-catalogue", Error, "Valor que no está en el catálogo",
        "Escoja uno de los valores del catálogo, escrito igual.";
    LOCAL_PATH = "local-path", Error, "Ruta de una computadora en lugar de una dirección",
        "Suba el archivo al portal y escriba su dirección completa, que empieza con https://.";
    FILE_NAME = "file-name", Error, "Nombre de archivo en lugar de una dirección",
        "Suba el archivo al portal y escriba su dirección completa, que empieza con https://.";
    NOT_A_URL = "not-a-url", Error, "No es una dirección de Internet",
        "Escriba la dirección completa del documento, que empieza con https://.";
    NO_LINK_GIVEN = "no-link-given", Warning, "Palabras en lugar de una dirección",
        "Escriba la dirección, o deje la celda vacía y explique el motivo en la columna Nota.";
    PRIVATE_URL = "private-url", Error, "Dirección que sólo funciona dentro de una red",
        "Suba el archivo al portal público y escriba su dirección.";
    URL_WITHOUT_SCHEME = "url-without-scheme", Warning, "Dirección sin https://",
        "Anteponga https:// (o http:// si el sitio no tiene certificado).";
    URL_WITH_SPACES = "url-with-spaces", Warning, "Dirección con espacios",
        "Quite los espacios, o escríbalos como %20 si son parte del nombre del archivo.";
    PERIOD_REVERSED = "period-reversed", Error, "El periodo termina antes de empezar",
        "Corrija la fecha de inicio o la de término.";
    PERIOD_OUTSIDE_YEAR = "period-outside-year", Warning, "El periodo no es del ejercicio que se indica",
        "Corrija el ejercicio o las fechas del periodo.";
    FUTURE_PERIOD = "future-period", Warning, "Periodo que todavía no empieza",
        "Corrija las fechas del periodo.";
    DATE_IN_FUTURE = "date-in-future", Error, "Fecha de actualización o validación futura",
        "Escriba la fecha en que de verdad se hizo.";
    UPDATED_BEFORE_PERIOD_END = "updated-before-period-end", Warning, "Se actualizó antes de que terminara el periodo",
        "Actualice la información con el periodo completo y corrija la fecha.";
    CHILD_SHEET_MISSING = "child-sheet-missing", Error, "Falta la hoja de la tabla hija",
        "Recupere la hoja de la plantilla; los identificadores la necesitan.";
    CHILD_ROW_MISSING = "child-row-missing", Error, "Identificador que no está en la tabla hija",
        "Escriba el identificador de un renglón de la tabla hija, o agregue ese renglón.";
    CHILD_ROW_UNUSED = "child-row-unused", Warning, "Renglones de la tabla hija a los que ningún registro remite",
        "Escriba su identificador en el registro al que pertenecen, o bórrelos.";
    OTHER_MUNICIPALITY = "other-municipality", Warning, "Una nota nombra a otro municipio",
        "Parece copiada de otro sujeto obligado: escriba la nota propia.";
}

/// The kind of a code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static ProblemKind> {
    ALL.iter().find(|k| k.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_kebab_case() {
        for (n, kind) in ALL.iter().enumerate() {
            let clean = kind.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(clean && !kind.code.starts_with('-'), "{}", kind.code);
            assert!(ALL[..n].iter().all(|other| other.code != kind.code), "{}", kind.code);
            assert!(by_code(kind.code).is_some_and(|found| found == kind));
        }
    }
}
