//! HTML → [`Page`]: the tree of blocks, the lines in reading order, links wherever portals put them.
//!
//! ```text
//! text ─► scripts' writing put in place ─► html5ever ─► walk (one pass, no recursion) ─► Page
//! ```

mod attributes;
mod data;
mod tags;
mod walk;

use attributes::attr;
use scraper::{Html, Node};
use url::Url;

use crate::model::{Block, Link, LinkOrigin, Page, Tag};
use crate::text::url::resolve;

use super::script::{self, Variables};
use super::{Limits, Source};

/// A parsed page with what the page itself does not hold.
pub(super) struct Parsed {
    pub(super) page: Page,
    pub(super) title: Option<String>,
    /// Why it is not whole, in Spanish.
    pub(super) cut: Option<String>,
}

/// Parses a page.
pub(super) fn parse(text: &str, source: &Source<'_>, limits: &Limits) -> Parsed {
    let (shallow, cut) = shallow(text, limits.depth);
    let mut scripts = Scripts::default();
    let expanded = expand(shallow, &mut scripts);
    let (expanded, crowded) = tags::few_attributes(&expanded);
    let tree = Html::parse_document(&expanded);
    let head = Head::of(&tree, source.url);
    let mut walker = walk::Walker::new(head.base.clone(), limits);
    walker.tree(&tree, None);
    for fragment in &scripts.placed {
        walker.tree(&Html::parse_fragment(fragment), Some(LinkOrigin::Script));
    }
    for value in &scripts.data {
        data::add(&mut walker, value, LinkOrigin::Script);
    }
    let cut = cut.or_else(|| walker.cut.clone()).or(crowded);
    walker.note_filled_by_code(&scripts.codes);
    let mut page = walker.finish();
    page.lang = head.lang;
    page.links.extend(head.links);
    add_literals(&mut page, &head.base, &scripts.literals, LinkOrigin::Script);
    page.needs_browser = is_shell(&page, &expanded);
    Parsed {
        page,
        title: head.title,
        cut,
    }
}

/// The data and addresses of a script file or of JSON: lines when it is data, else links alone.
pub(super) fn of_script(code: &str, json: bool, base: &Url, limits: &Limits) -> (Option<Page>, Vec<Link>) {
    let reading = if json {
        script::Reading {
            data: script::json(code).into_iter().collect(),
            ..script::Reading::default()
        }
    } else {
        script::read(code, &mut Variables::new())
    };
    let mut walker = walk::Walker::new(base.clone(), limits);
    if reading.written.contains('<') {
        walker.tree(&Html::parse_fragment(&reading.written), Some(LinkOrigin::ScriptFile));
    }
    for value in &reading.data {
        data::add(&mut walker, value, LinkOrigin::ScriptFile);
    }
    let mut page = walker.finish();
    add_literals(&mut page, base, &reading.literals, LinkOrigin::ScriptFile);
    if page.lines.iter().any(|l| !l.links.is_empty()) {
        (Some(page), Vec::new())
    } else {
        (None, page.links)
    }
}

/// Inline scripts that ask the server for something, of which so many and of so many bytes at most are looked into.
const ASKING: usize = 20;
const ASKING_BYTES: usize = 50_000;

/// What a page's inline scripts hold.
#[derive(Default)]
struct Scripts {
    variables: Variables,
    placed: Vec<String>,
    data: Vec<script::Value>,
    literals: Vec<String>,
    codes: Vec<String>,
}

/// Puts what each inline script writes behind the script, as a browser would, so that the parser sees it in its context.
fn expand(text: &str, scripts: &mut Scripts) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = find_tag(rest, "<script") {
        if let Some(comment) = rest[..start].rfind("<!--").filter(|c| !rest[*c..start].contains("-->")) {
            let end = rest[comment..].find("-->").map_or(rest.len(), |e| comment + e + 3);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let Some(open) = rest[start..].find('>').map(|e| start + e + 1) else {
            break;
        };
        let Some(close) = find_tag(&rest[open..], "</script").map(|e| open + e) else {
            break;
        };
        let end = rest[close..].find('>').map_or(rest.len(), |e| close + e + 1);
        let code = &rest[open..close];
        if scripts.codes.len() < ASKING && code.len() < ASKING_BYTES && walk::asks_the_server(code) {
            scripts.codes.push(code.to_owned());
        }
        let reading = script::read(code, &mut scripts.variables);
        out.push_str(&rest[..end]);
        out.push_str(&without_scripts(&reading.written));
        scripts.placed.extend(reading.placed);
        scripts.data.extend(reading.data);
        scripts.literals.extend(reading.literals);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// A script that writes a script writes nothing that is read.
fn without_scripts(html: &str) -> String {
    if find_tag(html, "<script").is_some() {
        String::new()
    } else {
        html.to_owned()
    }
}

fn find_tag(text: &str, tag: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let tag = tag.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'<', bytes.get(at..)?).map(|p| at + p) {
        if bytes
            .get(next..next + tag.len())
            .is_some_and(|b| b.eq_ignore_ascii_case(tag))
        {
            return Some(next);
        }
        at = next + 1;
    }
    None
}

/// The text up to where more than `depth` elements stand open: parsers take quadratic time beyond.
fn shallow(text: &str, depth: usize) -> (&str, Option<String>) {
    const IMPLIED: &[&str] = &[
        "p", "li", "td", "tr", "th", "dt", "dd", "option", "tbody", "thead", "tfoot", "br", "img", "hr", "input",
        "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr", "param", "colgroup",
    ];
    let bytes = text.as_bytes();
    // No more can stand open than begin.
    if memchr::memchr_iter(b'<', bytes).take(depth + 1).count() <= depth {
        return (text, None);
    }
    let mut open = 0usize;
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'<', &bytes[at..]).map(|p| at + p) {
        at = next + 1;
        let closing = bytes.get(at) == Some(&b'/');
        let from = at + usize::from(closing);
        let length = bytes[from..]
            .iter()
            .take(12)
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        let name = &text[from..from + length];
        if name.is_empty() || IMPLIED.iter().any(|i| i.eq_ignore_ascii_case(name)) {
            continue;
        }
        if closing {
            open = open.saturating_sub(1);
        } else {
            open += 1;
            if open > depth {
                return (
                    &text[..next],
                    Some(format!("la página anida más de {depth} elementos; se leyó hasta ahí")),
                );
            }
        }
    }
    (text, None)
}

/// What stands in the head.
struct Head {
    base: Url,
    lang: Option<String>,
    title: Option<String>,
    links: Vec<Link>,
}

impl Head {
    fn of(tree: &Html, url: &Url) -> Self {
        let mut head = Self {
            base: url.clone(),
            lang: None,
            title: None,
            links: Vec::new(),
        };
        let mut found = Vec::new();
        for node in tree.tree.nodes() {
            let Node::Element(element) = node.value() else { continue };
            match element.name() {
                "html" => head.lang = attr(element, "lang").map(str::to_owned),
                "base" => {
                    if let Some((base, _)) = attr(element, "href").and_then(|h| resolve(url, h)) {
                        head.base = base;
                    }
                }
                "title" if head.title.is_none() => {
                    let text: String = node
                        .children()
                        .filter_map(|c| c.value().as_text().map(|t| t.to_string()))
                        .collect();
                    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    head.title = Some(text).filter(|t| !t.is_empty());
                }
                "script" => found.extend(attr(element, "src").map(|s| (s.to_owned(), LinkOrigin::ScriptSource))),
                "meta" if attr(element, "http-equiv").is_some_and(|v| v.eq_ignore_ascii_case("refresh")) => {
                    let target = attr(element, "content").and_then(|c| {
                        let at = c.to_ascii_lowercase().find("url=")? + 4;
                        Some(c[at..].to_owned())
                    });
                    found.extend(target.map(|t| (t, LinkOrigin::Refresh)));
                }
                "link" => {
                    let rel = attr(element, "rel").unwrap_or_default().to_ascii_lowercase();
                    if rel
                        .split_whitespace()
                        .any(|r| matches!(r, "alternate" | "next" | "prev"))
                    {
                        found.extend(attr(element, "href").map(|h| (h.to_owned(), LinkOrigin::LinkHeader)));
                    }
                }
                _ => {}
            }
        }
        head.links = found
            .into_iter()
            .filter_map(|(href, origin)| link(&head.base, &href, "", origin, None))
            .collect();
        head
    }
}

/// A link, if its address leads anywhere.
fn link(base: &Url, href: &str, text: &str, origin: LinkOrigin, line: Option<usize>) -> Option<Link> {
    let (url, fragment) = resolve(base, href)?;
    Some(Link {
        href: href.trim().to_owned(),
        url: Some(url.to_string()),
        fragment,
        text: text.to_owned(),
        origin,
        line,
    })
}

/// Literals that look like addresses, which no line shows.
fn add_literals(page: &mut Page, base: &Url, literals: &[String], origin: LinkOrigin) {
    if !literals.iter().any(|l| attributes::looks_like_address(l)) {
        return;
    }
    let mut known: std::collections::BTreeSet<String> = page.links.iter().filter_map(|l| l.url.clone()).collect();
    for literal in literals.iter().filter(|l| attributes::looks_like_address(l)) {
        if let Some(link) = link(base, literal, "", origin, None)
            && link.url.as_ref().is_some_and(|u| known.insert(u.clone()))
        {
            page.links.push(link);
        }
    }
}

/// Whether the page is a shell that scripts would fill: hardly a word or link of its own, and scripts.
fn is_shell(page: &Page, text: &str) -> bool {
    let words = page
        .lines
        .iter()
        .flat_map(|l| l.text.split_whitespace())
        .take(40)
        .count();
    if words >= 40 {
        return false;
    }
    let anchors = page
        .links
        .iter()
        .filter(|l| l.line.is_some() && l.url.is_some())
        .count();
    let scripts = page
        .links
        .iter()
        .filter(|l| l.origin == LinkOrigin::ScriptSource)
        .count();
    let mount = [
        "id=\"root\"",
        "id=\"app\"",
        "id=\"__next\"",
        "<app-root",
        "ng-view",
        "data-reactroot",
    ]
    .iter()
    .any(|m| text.contains(m));
    anchors < 4 && (mount || scripts > 0 && words < 15)
}

/// The root of a page's tree.
fn root() -> Block {
    Block {
        parent: None,
        tag: Tag::body(),
        id: None,
        span: 0..0,
    }
}
