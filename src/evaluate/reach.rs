//! Was enough of the site seen for an absence to mean something?

use crate::locate::Site;
use crate::model::{CrawlSummary, FetchStatus, Via};

/// Share of attempts that may fail for reasons of network or access before absences are doubted.
const TOLERATED_TROUBLE: f64 = 0.15;
/// Share of pages that only scripts would fill, from which absences are doubted.
const TOLERATED_SHELLS: f64 = 0.34;
/// Share of imported pages and documents that the entry must lead to.
const LEAST_REACH: f64 = 0.34;

/// Why an absence decides nothing, in Spanish; empty when the crawl saw enough.
pub(super) fn limits(site: &Site<'_>, crawl: &CrawlSummary, entry: &str) -> Vec<String> {
    let mut out = Vec::new();
    let pages: Vec<usize> = site.order.iter().copied().filter(|&i| site.page(i).is_some()).collect();
    if pages.is_empty() {
        out.push(format!("La página de entrada ({entry}) no se pudo leer."));
        return out;
    }
    if !crawl.complete {
        out.push(format!(
            "La captura no terminó ({}): quedaron direcciones sin consultar.",
            stop_reason(&crawl.stop_reason)
        ));
    }
    let tried = site
        .captures
        .iter()
        .filter(|c| c.status != FetchStatus::OutOfBudget)
        .count();
    let trouble = site.captures.iter().filter(|c| is_trouble(c.status)).count();
    if trouble as f64 > TOLERATED_TROUBLE * tried as f64 {
        out.push(format!(
            "{trouble} de {tried} consultas fallaron por la red, por el servidor o por negarse el acceso."
        ));
    }
    let shells = pages
        .iter()
        .filter(|&&i| site.page(i).is_some_and(|p| p.needs_browser))
        .count();
    let entry_is_shell = site.page(pages[0]).is_some_and(|p| p.needs_browser);
    if (entry_is_shell && pages.len() < 5) || shells as f64 > TOLERATED_SHELLS * pages.len() as f64 {
        out.push(format!(
            "{shells} de {} páginas sólo se llenan con programas que corren en el navegador.",
            pages.len()
        ));
    }
    let imported = site.captures.iter().all(|c| c.via == Via::Import);
    if imported {
        let content = (0..site.captures.len())
            .filter(|&i| site.captures[i].status == FetchStatus::Ok)
            .filter(|&i| site.document(i).is_some_and(|d| d.kind.is_content()))
            .count();
        let orphans = site.orphans();
        let reached = content - orphans;
        if (reached as f64) < LEAST_REACH * content as f64 {
            out.push(format!(
                "Desde la entrada sólo se llega a {reached} de los {content} documentos y páginas importados."
            ));
        }
    }
    out
}

fn is_trouble(status: FetchStatus) -> bool {
    !matches!(
        status,
        FetchStatus::Ok
            | FetchStatus::NotModified
            | FetchStatus::Redirected
            | FetchStatus::ClientError
            | FetchStatus::OutOfBudget
    )
}

fn stop_reason(code: &str) -> &str {
    match code {
        "max_pages" => "se alcanzó el máximo de páginas",
        "max_bytes" => "se alcanzó el máximo de bytes",
        "max_time" => "se alcanzó el tiempo máximo",
        "max_depth" => "se alcanzó la profundidad máxima",
        "interrupted" => "se interrumpió",
        "entry_unreachable" => "la entrada no respondió",
        other => other,
    }
}
