//! Years, periods and dates of update against each other and against the date of evaluation.

use jiff::civil::Date;

use crate::model::{ColumnRole, problem};

use super::kinds;
use super::told::{Say, Told};
use super::value::{DateCell, YearCell, date, year};
use super::view::View;

/// Longest period, in days, that is reported once it is over: a half year. Longer ones may be published while they run.
const CLOSED: i32 = 184;
/// Years that a date of a period or update may have; others are told as absurd, not compared.
const SANE: std::ops::RangeInclusive<i16> = 2002..=2100;

/// Dates in the column of a role, those that make sense.
pub(super) fn dates(view: &View<'_>, role: ColumnRole) -> impl Iterator<Item = Date> {
    let column = view.role(role);
    view.main
        .rows
        .iter()
        .filter_map(move |&row| sane(view.main.text(row, column?)))
}

fn sane(text: &str) -> Option<Date> {
    date(text).date().filter(|d| SANE.contains(&d.year()))
}

/// The dates of one row.
struct Dates {
    row: usize,
    start: Option<Date>,
    end: Option<Date>,
    updated: Option<Date>,
}

pub(super) fn check(view: &View<'_>, told: &mut Told) {
    let of = |role: ColumnRole, row: usize| view.role(role).and_then(|n| sane(view.main.text(row, n)));
    for &row in &view.main.rows {
        let row = Dates {
            row,
            start: of(ColumnRole::PeriodStart, row),
            end: of(ColumnRole::PeriodEnd, row),
            updated: of(ColumnRole::Updated, row),
        };
        period(view, &row, told);
        update(view, &row, told);
        future(view, &row, told);
    }
}

fn period(view: &View<'_>, row: &Dates, told: &mut Told) {
    let (Some(start), Some(end), Some(end_column)) = (row.start, row.end, view.role(ColumnRole::PeriodEnd)) else {
        return;
    };
    let both = format!("{} a {}", spanish(start), spanish(end));
    if end < start {
        let say = Say::new(
            "El periodo termina antes de empezar.",
            &both,
            "Una fecha de término posterior a la de inicio",
        );
        told.cell(&problem::PERIOD_REVERSED, &view.main, (row.row, end_column), say);
        return;
    }
    let Some(column) = view.role(ColumnRole::FiscalYear) else {
        return;
    };
    if let YearCell::Year(y) = year(view.main.text(row.row, column))
        && !(start.year()..=end.year()).contains(&y)
        && kinds::is_sane_year(y, view.asked.on)
    {
        let say = Say::new(
            "El periodo no es del ejercicio que se indica.",
            &format!("ejercicio {y}, periodo {both}"),
            format!("Un periodo de {y}"),
        );
        told.cell(&problem::PERIOD_OUTSIDE_YEAR, &view.main, (row.row, column), say);
    }
}

fn update(view: &View<'_>, row: &Dates, told: &mut Told) {
    let (Some(start), Some(end), Some(updated)) = (row.start, row.end, row.updated) else {
        return;
    };
    let Some(column) = view.role(ColumnRole::Updated).filter(|_| start <= end) else {
        return;
    };
    let days = end.since(start).map_or(i32::MAX, |s| s.get_days());
    let due = if days <= CLOSED { end } else { start };
    if updated < due {
        let say = Say::new(
            "La información se actualizó antes de que terminara el periodo que dice informar.",
            &format!(
                "actualizado {}, periodo {} a {}",
                spanish(updated),
                spanish(start),
                spanish(end)
            ),
            format!("{} o después", spanish(due)),
        );
        told.cell(&problem::UPDATED_BEFORE_PERIOD_END, &view.main, (row.row, column), say);
    }
}

fn future(view: &View<'_>, row: &Dates, told: &mut Told) {
    let Some(on) = view.asked.on else { return };
    let before = format!("{} o antes", spanish(on));
    if let (Some(start), Some(column)) = (row.start.filter(|d| *d > on), view.role(ColumnRole::PeriodStart)) {
        let say = Say::new("El periodo todavía no empieza.", &spanish(start), before.clone());
        told.cell(&problem::FUTURE_PERIOD, &view.main, (row.row, column), say);
    }
    for role in [ColumnRole::Updated, ColumnRole::Validated] {
        let Some(column) = view.role(role) else { continue };
        let text = view.main.text(row.row, column);
        let known = !matches!(date(text), DateCell::Impossible | DateCell::Other);
        if let Some(day) = sane(text).filter(|d| known && *d > on) {
            let say = Say::new("La fecha todavía no llega.", &spanish(day), before.clone());
            told.cell(&problem::DATE_IN_FUTURE, &view.main, (row.row, column), say);
        }
    }
}

fn spanish(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}
