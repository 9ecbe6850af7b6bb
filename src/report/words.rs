//! The words of reports in each language, from `reports/locales/`.

use std::collections::BTreeMap;

use super::ReportError;
use crate::model::{FetchStatus, Status};

/// Language of a report's labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lang {
    /// Spanish.
    #[default]
    Es,
    /// English.
    En,
}

impl Lang {
    /// BCP 47 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Es => "es-MX",
            Self::En => "en",
        }
    }
}

/// Words by key.
pub(super) struct Words {
    pub(super) lang: Lang,
    pub(super) map: BTreeMap<String, String>,
}

impl Words {
    /// Loads a language.
    pub(super) fn of(lang: Lang) -> Result<Self, ReportError> {
        let text = match lang {
            Lang::Es => include_str!("../../reports/locales/es.json"),
            Lang::En => include_str!("../../reports/locales/en.json"),
        };
        let map = serde_json::from_str(text).map_err(|source| ReportError::Words {
            lang: lang.code(),
            source,
        })?;
        Ok(Self { lang, map })
    }

    /// The words of a key; the key itself where there are none.
    pub(super) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.map.get(key).map_or(key, String::as_str)
    }

    /// With `{name}` replaced.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.get(key).to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    pub(super) fn status(&self, status: Status) -> String {
        self.get(&format!("status.{}", status.as_str())).to_owned()
    }

    pub(super) fn fetch(&self, status: FetchStatus) -> String {
        self.get(&format!("fetch.{}", status.as_str())).to_owned()
    }

    /// A name of a closed list that the model serialises, e.g. `outcome` and `cant_tell`.
    pub(super) fn code(&self, list: &str, value: impl serde::Serialize) -> String {
        let code = serde_json::to_value(value)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        self.map.get(&format!("{list}.{code}")).cloned().unwrap_or(code)
    }

    /// `2026-11-22` as people write it.
    pub(super) fn date(&self, iso: &str) -> String {
        let Ok(date) = iso.parse::<jiff::civil::Date>() else {
            return super::safe::line(iso);
        };
        let month = self.get(&format!("month.{}", date.month())).to_owned();
        self.fill(
            "date",
            &[
                ("d", &date.day().to_string()),
                ("m", &month),
                ("y", &date.year().to_string()),
            ],
        )
    }

    /// An RFC 3339 time to the minute, in UTC, so that it reads the same everywhere.
    pub(super) fn time(&self, rfc3339: &str) -> String {
        let Ok(time) = rfc3339.parse::<jiff::Timestamp>() else {
            return super::safe::line(rfc3339);
        };
        let utc = time.to_zoned(jiff::tz::TimeZone::UTC);
        format!(
            "{}, {:02}:{:02} UTC",
            self.date(&utc.date().to_string()),
            utc.hour(),
            utc.minute()
        )
    }
}

/// A sign beside the word, so that neither colour nor words stand alone.
pub(super) fn icon(status: Status) -> &'static str {
    match status {
        Status::Published => "✔",
        Status::Partial => "◐",
        Status::Empty => "○",
        Status::Broken => "✘",
        Status::External => "↗",
        Status::Missing => "—",
        Status::NotApplicable => "∅",
        Status::Undetermined => "?",
    }
}
