//! Findings as the HTML template reads them: words chosen, text cleaned, links decided. No markup.

use std::collections::BTreeMap;

use serde::Serialize;

use super::words::{Words, icon};
use super::{Context, order, safe};
use crate::model::{Alert, Evidence, Finding, Findings, ObligationFinding, PackInfo, Score, Status};

/// Most obligations named under "what to attend to first".
const FIRST: usize = 10;

#[derive(Serialize)]
pub(super) struct View<'a> {
    lang: &'static str,
    t: &'a BTreeMap<String, String>,
    name: String,
    subject_id: String,
    kind: String,
    audit_id: String,
    evaluated_on: String,
    tool: String,
    entry: Link,
    crawled: String,
    captures: usize,
    complete: bool,
    fetches: Vec<(String, usize)>,
    limits: Vec<String>,
    alerts: Vec<AlertView>,
    packs: Vec<PackView>,
}

#[derive(Serialize)]
struct Link {
    text: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct AlertView {
    what: String,
    message: String,
    basis: String,
    remedy: String,
    shown: String,
    evidence: Vec<Proof>,
}

#[derive(Serialize)]
struct PackView {
    anchor: String,
    id: String,
    version: String,
    sha256: String,
    title: String,
    profile: String,
    scores: Vec<ScoreView>,
    counts: Vec<CountView>,
    total: usize,
    first: Vec<Row>,
    problems: usize,
    index: Vec<Row>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct ScoreView {
    label: String,
    value: Option<i64>,
    low: i64,
    high: i64,
    width: i64,
    coverage: i64,
    words: String,
}

#[derive(Serialize)]
struct CountView {
    status: StatusView,
    count: usize,
    anchor: String,
}

#[derive(Serialize)]
struct StatusView {
    code: &'static str,
    icon: &'static str,
    word: String,
    means: String,
}

#[derive(Serialize)]
struct Row {
    anchor: String,
    id: String,
    title: String,
    status: StatusView,
    points: String,
    remedy: String,
}

#[derive(Serialize)]
struct Group {
    anchor: String,
    status: StatusView,
    obligations: Vec<Detail>,
}

#[derive(Serialize)]
struct Detail {
    row: Row,
    confidence: i64,
    latest: Option<String>,
    media: String,
    reason: String,
    criteria: Vec<Criterion>,
    evidence: Vec<Proof>,
}

#[derive(Serialize)]
struct Criterion {
    name: String,
    kind: String,
    outcome: String,
    code: String,
    reason: String,
    expected: String,
    actual: String,
    remedy: String,
}

#[derive(Serialize)]
struct Proof {
    url: Link,
    time: String,
    fetch: String,
    excerpt: String,
    locator: Option<String>,
    sha256: Option<String>,
    warc: Option<Link>,
    offset: Option<u64>,
}

/// Findings as the template reads them.
pub(super) fn view<'a>(findings: &Findings, context: &Context, words: &'a Words) -> View<'a> {
    let maker = Maker {
        findings,
        context,
        words,
    };
    let crawl = &findings.crawl;
    let crawled = match (&crawl.from, &crawl.to) {
        (Some(from), Some(to)) => words.fill("crawl.span", &[("from", &words.time(from)), ("to", &words.time(to))]),
        _ => words.get("crawl.no_time").to_owned(),
    };
    View {
        lang: words.lang.code(),
        t: &words.map,
        name: safe::line(&findings.subject.name),
        subject_id: safe::line(&findings.subject.id),
        kind: words.code("kind", findings.subject.kind),
        audit_id: safe::line(&findings.audit.id),
        evaluated_on: words.date(&findings.audit.evaluated_on),
        tool: safe::line(&findings.audit.tool),
        entry: link(&crawl.entry),
        crawled,
        captures: crawl.captures,
        complete: crawl.complete,
        fetches: crawl
            .by_status
            .iter()
            .map(|(code, n)| (words.code("fetch", code), *n))
            .collect(),
        limits: crawl.limits.iter().map(|l| safe::line(l)).collect(),
        alerts: findings.alerts.iter().map(|a| maker.alert(a)).collect(),
        packs: findings.audit.packs.iter().map(|p| maker.pack(p)).collect(),
    }
}

struct Maker<'a> {
    findings: &'a Findings,
    context: &'a Context,
    words: &'a Words,
}

impl Maker<'_> {
    fn alert(&self, alert: &Alert) -> AlertView {
        let evidence = alert.evidence.iter().filter_map(|&i| self.findings.evidence.get(i));
        let (n, all) = (alert.evidence.len().to_string(), alert.documents.to_string());
        let shown = match alert.evidence.len() {
            n if n >= alert.documents => String::new(),
            _ => self.words.fill("alerts.shown", &[("n", &n), ("all", &all)]),
        };
        AlertView {
            what: self.words.code("alert", &alert.what),
            message: safe::line(&alert.message),
            basis: safe::line(&alert.basis),
            remedy: safe::line(&alert.remedy),
            shown,
            evidence: evidence.map(|e| self.proof(e)).collect(),
        }
    }

    fn pack(&self, pack: &PackInfo) -> PackView {
        let sorted = order::by_attention(self.findings, &pack.id);
        let own = |o: &&ObligationFinding| order::split(&o.id).0 == pack.id;
        let problems: Vec<_> = sorted.iter().filter(|o| order::is_problem(o.status)).collect();
        PackView {
            anchor: slug(&pack.id),
            id: safe::line(&pack.id),
            version: safe::line(&pack.version),
            sha256: safe::line(&pack.sha256),
            title: safe::line(&pack.title),
            profile: safe::line(&pack.profile),
            scores: self
                .findings
                .scores
                .iter()
                .filter(|s| s.pack == pack.id)
                .map(|s| self.score(s))
                .collect(),
            counts: order::counts(self.findings, &pack.id)
                .into_iter()
                .map(|(s, count)| CountView {
                    status: self.status(s),
                    count,
                    anchor: group_anchor(&pack.id, s),
                })
                .collect(),
            total: sorted.len(),
            first: problems.iter().take(FIRST).map(|o| self.row(o)).collect(),
            problems: problems.len(),
            index: self
                .findings
                .obligations
                .iter()
                .filter(own)
                .map(|o| self.row(o))
                .collect(),
            groups: self.groups(pack, &sorted),
        }
    }

    fn groups(&self, pack: &PackInfo, sorted: &[&ObligationFinding]) -> Vec<Group> {
        order::ATTENTION
            .into_iter()
            .map(|status| Group {
                anchor: group_anchor(&pack.id, status),
                status: self.status(status),
                obligations: sorted
                    .iter()
                    .filter(|o| o.status == status)
                    .map(|o| self.detail(o))
                    .collect(),
            })
            .filter(|g| !g.obligations.is_empty())
            .collect()
    }

    fn score(&self, score: &Score) -> ScoreView {
        let (low, high) = (order::points(score.low), order::points(score.high));
        let coverage = order::points(score.coverage);
        let value = score.value.map(order::points);
        let key = match value {
            None => "score.none",
            Some(_) if low == high => "score.exact",
            Some(_) => "score.words",
        };
        let told = [
            ("value", value.unwrap_or_default().to_string()),
            ("low", low.to_string()),
            ("high", high.to_string()),
            ("coverage", coverage.to_string()),
        ];
        let told: Vec<(&str, &str)> = told.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let label = self.words.code("dimension", score.dimension);
        ScoreView {
            label,
            value,
            low,
            high,
            width: (high - low).max(1),
            coverage,
            words: self.words.fill(key, &told),
        }
    }

    fn status(&self, status: Status) -> StatusView {
        let code = status.as_str();
        let means = self.words.get(&format!("means.{code}")).to_owned();
        StatusView {
            code,
            icon: icon(status),
            word: self.words.status(status),
            means,
        }
    }

    fn row(&self, o: &ObligationFinding) -> Row {
        Row {
            anchor: slug(&o.id),
            id: safe::line(order::split(&o.id).1),
            title: safe::line(&o.title),
            status: self.status(o.status),
            points: self.points(o),
            remedy: safe::line(&o.remedy),
        }
    }

    fn points(&self, o: &ObligationFinding) -> String {
        let (low, high) = (order::points(o.low), order::points(o.high));
        match o.value {
            _ if o.status == Status::NotApplicable => "—".to_owned(),
            Some(value) if low == high => order::points(value).to_string(),
            _ => self
                .words
                .fill("interval", &[("low", &low.to_string()), ("high", &high.to_string())]),
        }
    }

    fn detail(&self, o: &ObligationFinding) -> Detail {
        let findings = o.findings.iter().filter_map(|&i| self.findings.findings.get(i));
        let evidence = o.evidence.iter().filter_map(|&i| self.findings.evidence.get(i));
        Detail {
            row: self.row(o),
            confidence: order::points(o.confidence),
            latest: o.latest_period.as_deref().map(safe::line),
            media: safe::line(&o.media.join(", ")),
            reason: safe::line(&o.reason),
            criteria: findings.map(|f| self.criterion(f)).collect(),
            evidence: evidence.map(|e| self.proof(e)).collect(),
        }
    }

    fn criterion(&self, f: &Finding) -> Criterion {
        Criterion {
            name: self.words.code("criterion", &f.criterion),
            kind: self.words.code("criterion_kind", f.kind),
            outcome: self.words.code("outcome", f.outcome),
            code: serde_json::to_value(f.outcome)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
            reason: safe::line(&f.reason),
            expected: safe::line(&f.expected),
            actual: safe::line(&f.actual),
            remedy: safe::line(&f.remedy),
        }
    }

    fn proof(&self, e: &Evidence) -> Proof {
        Proof {
            url: link(&e.url),
            time: self.words.time(&e.captured_at),
            fetch: self.words.fetch(e.status),
            excerpt: safe::line(&e.excerpt),
            locator: e.locator.as_deref().map(safe::line),
            sha256: e.sha256.as_deref().map(safe::line),
            warc: e.warc.as_deref().map(|path| Link {
                text: safe::line(path),
                href: safe::inside(&self.context.evidence_base, path),
            }),
            offset: e.offset,
        }
    }
}

fn link(url: &str) -> Link {
    Link {
        text: safe::shown_address(url),
        href: safe::link(url),
    }
}

fn group_anchor(pack: &str, status: Status) -> String {
    slug(&format!("{pack}-{}", status.as_str()))
}

/// Letters, digits and hyphens: an id that needs no escaping in an address.
fn slug(id: &str) -> String {
    id.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}
