//! Personal data masked in all that findings quote. Addresses stay whole: they are what anyone opens the evidence with.

use crate::model::Findings;
use crate::text::personal::Masker;

/// Findings with nothing personal in their words.
pub(super) fn findings(mut findings: Findings, masker: &Masker) -> Findings {
    let mask = |text: &mut String| *text = masker.mask(text);
    findings.crawl.limits.iter_mut().for_each(mask);
    for o in &mut findings.obligations {
        [&mut o.reason, &mut o.remedy].into_iter().for_each(mask);
    }
    for f in &mut findings.findings {
        [&mut f.reason, &mut f.expected, &mut f.actual, &mut f.remedy]
            .into_iter()
            .for_each(mask);
    }
    for a in &mut findings.alerts {
        mask(&mut a.message);
    }
    for e in &mut findings.evidence {
        mask(&mut e.excerpt);
        e.locator.iter_mut().for_each(mask);
    }
    findings
}
