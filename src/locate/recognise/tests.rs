use super::*;
use crate::rules::Library;

fn library() -> Library {
    Library::embedded().expect("rules")
}

fn sheet(rows: Vec<Vec<String>>) -> Sheet {
    Sheet {
        name: "Hoja1".to_owned(),
        rows,
        ..Sheet::default()
    }
}

fn labels(format: &Format) -> Vec<String> {
    format.columns.iter().map(|c| c.label.clone()).collect()
}

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|c| (*c).to_owned()).collect()
}

/// Recognises a table whose only row is these headers.
fn of(recogniser: &Recogniser, headers: Vec<String>) -> Option<Recognition> {
    recogniser.recognise_sheet(&sheet(vec![headers]))
}

#[test]
fn every_format_is_known_by_its_own_columns() {
    let library = library();
    let formats = library.formats();
    let recogniser = Recogniser::new(formats);
    for (n, format) in formats.iter().enumerate().filter(|(_, f)| !f.columns.is_empty()) {
        let found = of(&recogniser, labels(format)).unwrap_or_else(|| panic!("{} is not recognised", format.id));
        let told = &formats[found.format].id;
        assert!(found.format == n || found.tied.contains(&n), "{}: {told}", format.id);
        assert!(found.missing.is_empty() && found.extra.is_empty(), "{}", format.id);
        assert_eq!(found.columns, (0..format.columns.len()).map(Some).collect::<Vec<_>>());
        let sure = found.confidence;
        assert!(
            if found.tied.is_empty() {
                sure > 0.99
            } else {
                sure <= 0.5
            },
            "{}: {sure}",
            format.id
        );
    }
}

#[test]
fn columns_dropped_inserted_and_moved_do_not_hide_a_format() {
    let library = library();
    let formats = library.formats();
    let recogniser = Recogniser::new(formats);
    let mut all = 0;
    let mut right = 0;
    for (n, format) in formats.iter().enumerate().filter(|(_, f)| f.columns.len() >= 12) {
        for seed in 0..4 {
            let mut headers = labels(format);
            // One own column in eight is lost, one of the town's is added, and the halves change places.
            headers.retain({
                let mut at = seed;
                move |_| {
                    at += 1;
                    at % 8 != 5
                }
            });
            headers.insert(3 + seed, format!("Observaciones de la tesorería {seed}"));
            let half = headers.len() / 2;
            headers.rotate_left(half);
            all += 1;
            let found = of(&recogniser, headers);
            right += usize::from(found.is_some_and(|f| {
                f.format == n || f.obligation_confidence > 0.5 && formats[f.format].obligations == format.obligations
            }));
        }
    }
    assert!(right * 100 >= all * 98, "{right} of {all}");
}

#[test]
fn downloads_of_the_platform_are_known() {
    let library = library();
    let formats = library.formats();
    let recogniser = Recogniser::new(formats);
    for format in formats.iter().filter(|f| f.columns.len() >= 12) {
        let mut headers = strings(&["ID", "FECHA CREACION", "FECHA MODIFICACION"]);
        headers.extend(labels(format).iter().map(|l| l.to_uppercase().replace(", ", "  ")));
        let rows = vec![
            strings(&["Nombre del Sujeto Obligado: ", "Un Municipio"]),
            strings(&["Normativa:", "LGTAIP_LTG_2018"]),
            strings(&["Formato:", "Otro"]),
            strings(&["Periodo:", "2025"]),
            Vec::new(),
            headers,
        ];
        let found = recogniser.recognise_sheet(&sheet(rows)).expect("recognised");
        assert_eq!(formats[found.format].id, format.id);
        assert_eq!((found.layout, found.header_row), (Layout::PublicDownload, 5));
        assert_eq!((found.columns[0], found.extra.len()), (Some(3), 0));
    }
}

#[test]
fn headers_under_titles_and_over_two_rows_are_found() {
    let library = library();
    let recogniser = Recogniser::new(library.formats());
    let format = library.format("ltg2018-70.VII").expect("format");
    let mut upper = labels(format);
    let mut lower = vec![String::new(); upper.len()];
    for n in 9..18 {
        std::mem::swap(&mut upper[n], &mut lower[n]);
    }
    upper[9] = "Domicilio".to_owned();
    let rows = vec![
        strings(&["H. Ayuntamiento"]),
        strings(&["Directorio", "", "2024"]),
        Vec::new(),
        upper,
        lower,
        strings(&["2024", "2024-01-01", "2024-03-31", "1", "Titular"]),
    ];
    let found = recogniser.recognise_sheet(&sheet(rows)).expect("recognised");
    assert_eq!(library.formats()[found.format].id, format.id);
    assert!(found.missing.len() <= 1, "{:?}", found.missing);
    assert_eq!(found.layout, Layout::Saved);
}

#[test]
fn notes_of_transition_and_new_columns_leave_the_format() {
    let library = library();
    let recogniser = Recogniser::new(library.formats());
    let format = library.format("ltg2018-70.XVIII").expect("format");
    let mut headers = labels(format);
    headers.retain(|h| h != "Fecha de validación");
    for header in headers.iter_mut().skip(6) {
        *header = format!("ESTE CRITERIO APLICA A PARTIR DEL 01/04/2023 -> {header}");
    }
    headers.insert(
        6,
        "ESTE CRITERIO APLICA A PARTIR DEL 01/04/2023 -> Sexo (catálogo)".to_owned(),
    );
    let found = of(&recogniser, headers).expect("recognised");
    assert_eq!(library.formats()[found.format].id, format.id);
    assert!(found.confidence > 0.95, "{}", found.confidence);
    assert_eq!((found.extra, found.missing.len()), (vec![6], 1));
}

#[test]
fn reworded_headers_find_their_columns() {
    let library = library();
    let recogniser = Recogniser::new(library.formats());
    let format = library.format("ltg2018-70.XXVII").expect("format");
    let at = |words: &str| {
        format
            .columns
            .iter()
            .position(|c| c.label.contains(words))
            .expect(words)
    };
    let mut headers = labels(format);
    headers[at("Razón social")] = "Razón social de la persona moral titular del acto jurídico".to_owned();
    headers[at("Fecha de inicio de vigencia")] = "Fecha inicio vigencia acto jurídico".to_owned();
    let found = of(&recogniser, headers).expect("recognised");
    assert_eq!(library.formats()[found.format].id, format.id);
    assert_eq!(
        found.columns[at("Fecha de inicio de vigencia")],
        Some(at("Fecha de inicio de vigencia"))
    );
    assert!(found.confidence > 0.9);
}

#[test]
fn formats_of_the_same_columns_are_told_by_their_title_or_not_at_all() {
    let library = library();
    let recogniser = Recogniser::new(library.formats());
    let format = library.format("ltg2018-71.II.a.2").expect("format");
    let without = of(&recogniser, labels(format)).expect("recognised");
    assert_eq!(without.tied.len(), 2);
    assert!(without.confidence < 0.4 && without.obligation_confidence < 0.4);
    let titles = strings(&["Hipervínculo a las gacetas municipales", "", "", "Una nota"]);
    let rows = vec![titles, labels(format)];
    let with = recogniser.recognise_sheet(&sheet(rows)).expect("recognised");
    assert_eq!(library.formats()[with.format].id, format.id);
    assert!(with.tied.is_empty() && with.confidence > 0.8);
    // A title cannot make a format of other columns.
    let rows = vec![
        strings(&["Hipervínculo a las gacetas municipales"]),
        labels(library.format("ltg2018-70.I").expect("format")),
    ];
    let other = recogniser.recognise_sheet(&sheet(rows)).expect("recognised");
    assert_eq!(library.formats()[other.format].id, "ltg2018-70.I");
}

#[test]
fn tables_that_share_words_with_a_format_are_of_none() {
    let library = library();
    let recogniser = Recogniser::new(library.formats());
    for headers in [
        &["No.", "Nombre", "Puesto", "Correo electrónico", "Teléfono"][..],
        &["Nombre(s)", "Primer apellido", "Segundo apellido", "Sueldo"],
        &["Ejercicio", "Concepto", "Monto", "Nota"],
        &["Denominación del programa", "Población beneficiada", "Nota"],
        &[
            "COG",
            "Nombre",
            "Presupuesto aprobado",
            "Presupuesto vigente",
            "Ejercido",
        ],
        &[
            "Ejercicio",
            "Fecha de inicio del periodo que se informa",
            "Fecha de término del periodo que se informa",
            "Colonia",
            "Metros de tubería",
            "Pozos",
            "Área(s) responsable(s) que genera(n), posee(n), publica(n) y actualizan la información",
            "Fecha de validación",
            "Fecha de actualización",
            "Nota",
        ],
    ] {
        let found = of(&recogniser, strings(headers));
        assert!(found.is_none(), "{headers:?}: {found:?}");
    }
    assert!(recogniser.recognise(&Workbook::default()).is_none());
}

#[test]
fn child_tables_are_found_by_number_and_by_columns() {
    let library = library();
    let recogniser = Recogniser::new(library.formats());
    let format = library.format("ltg2018-70.IX").expect("format");
    let child = |n: usize| {
        format.children[n]
            .columns
            .iter()
            .map(|c| c.label.clone())
            .collect::<Vec<_>>()
    };
    let mut headers = labels(format);
    let parent = format.columns.iter().position(|c| c.child == Some(1)).expect("child");
    headers[parent].push_str(" \nTabla_777001");
    let named = |name: &str, rows| Sheet {
        name: name.to_owned(),
        rows,
        ..Sheet::default()
    };
    let workbook = Workbook {
        sheets: vec![
            named("Hidden_1_Tabla_777001", vec![strings(&["Sí"]), strings(&["No"])]),
            named("Otra", vec![strings(&["10", "20", "30", "40"]), Vec::new(), child(0)]),
            named("Reporte de Formatos", vec![strings(&["Tabla Campos"]), headers]),
            named("Tabla_777001", vec![strings(&["7", "8"]), Vec::new(), child(1)]),
        ],
    };
    let found = recogniser.recognise(&workbook).expect("recognised");
    assert_eq!((found.sheet, found.header_row, found.layout), (2, 1, Layout::Upload));
    assert_eq!(found.child_sheets, [(0, 1), (1, 3)]);
}

proptest::proptest! {
    #[test]
    fn any_sheet_is_told_or_not(cells in proptest::collection::vec(
        proptest::collection::vec("(Ejercicio|Nota|ID|Sexo \\(catálogo\\)|Primer apellido|Tabla_[0-9]{0,6}|[a-zñ ]{0,12}|->|)", 0..12), 0..12))
    {
        thread_local! {
            static RECOGNISER: Recogniser = Recogniser::new(library().formats());
        }
        RECOGNISER.with(|r| {
            if let Some(found) = r.recognise(&Workbook { sheets: vec![sheet(cells)] }) {
                proptest::prop_assert!((0.0..=1.0).contains(&found.confidence));
                proptest::prop_assert!(found.obligation_confidence + 1e-9 >= found.confidence);
            }
            Ok(())
        })?;
    }
}

#[test]
fn a_layout_never_seen_is_a_variant_of_its_obligation_or_doubtful_or_none() {
    let library = library();
    let formats = library.formats();
    let whole = Recogniser::new(formats);
    let mut variants = Vec::new();
    for (n, format) in formats.iter().enumerate().filter(|(_, f)| !f.columns.is_empty()) {
        if !of(&whole, labels(format)).expect("recognised").tied.is_empty() {
            continue;
        }
        let others: Vec<Format> = formats.iter().filter(|f| f.id != format.id).cloned().collect();
        let Some(found) = of(&Recogniser::new(&others), labels(format)) else {
            continue;
        };
        let other = &others[found.format];
        if !format.obligations.is_empty() && other.obligations == format.obligations {
            variants.push((format.id.as_str(), found.obligation_confidence));
        } else {
            assert!(
                found.confidence < 0.85,
                "{n} {}: {} {}",
                format.id,
                other.id,
                found.confidence
            );
        }
    }
    for id in [
        "ltg2018-70.VIII-pue",
        "ltg2018-70.XXVI-nay",
        "ltg2018-70.XXVII-nay",
        "ltg2023-70.XII",
    ] {
        let sure = variants.iter().find(|(v, _)| *v == id);
        assert!(sure.is_some_and(|(_, sure)| *sure > 0.6), "{id}: {sure:?}");
    }
}
