//! One pass over the parsed tree: blocks, lines, links, icons, tables, forms.

use std::collections::{BTreeMap, HashSet};

use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use ego_tree::iter::Edge;

use crate::extract::{Limits, script};
use crate::model::{Block, Cell, Form, Icon, Line, Link, LinkOrigin, Page, Tag};
use crate::text::url::resolve;

use super::attributes::{self, Marks, attr, is_opener, looks_like_address};

/// Widest span of a table cell that is counted.
const SPAN: usize = 100;
/// Columns of a table in which cells are placed below others that span rows.
const COLUMNS: usize = 2_000;
/// Bytes of a link's text after which no more is added: links may stand in each other by the hundred.
const LINK_TEXT: usize = 4_096;
/// Options of a `select` that become lines.
const OPTIONS: usize = 200;

/// A table being read.
#[derive(Default)]
struct Table {
    number: u32,
    row: Option<u32>,
    column: usize,
    /// For each column, the first row that no cell above covers.
    covered: Vec<u32>,
}

/// A link being read.
struct Open {
    link: usize,
    name: String,
    fallback: String,
    alternative: String,
}

/// What an open element undoes when it ends.
#[derive(Clone, Copy, Default)]
struct Ending {
    hidden: bool,
    link: bool,
    block: Option<Tag>,
    bold: bool,
    heading: bool,
    control: bool,
    line: bool,
    menu: bool,
}

/// The line being read.
#[derive(Default)]
struct Draft {
    text: String,
    letters: usize,
    bold: usize,
    heading: u8,
    control: bool,
    links: Vec<usize>,
    icons: Vec<Icon>,
    targets: Vec<String>,
    boilerplate: bool,
}

impl Draft {
    /// Whether nothing of it would be seen.
    fn is_empty(&self) -> bool {
        self.links.is_empty() && self.icons.is_empty() && self.targets.is_empty() && is_blank(&self.text)
    }

    /// Begins the next line, in the room that this one took.
    fn begin(&mut self) {
        let (mut text, mut links) = (std::mem::take(&mut self.text), std::mem::take(&mut self.links));
        text.clear();
        links.clear();
        *self = Self {
            text,
            links,
            ..Self::default()
        };
    }
}

/// Builds a page.
pub(super) struct Walker<'l> {
    base: Url,
    limits: &'l Limits,
    page: Page,
    blocks: Vec<u32>,
    elements: Vec<Ending>,
    draft: Draft,
    open: Vec<Open>,
    bold: usize,
    headings: Vec<u8>,
    controls: usize,
    menus: usize,
    hidden: usize,
    options: usize,
    tables: Vec<Table>,
    cells: Vec<Option<Cell>>,
    joined: usize,
    calls: Vec<(Option<usize>, String, Vec<String>)>,
    /// Why it is not whole.
    pub(super) cut: Option<String>,
}

impl<'l> Walker<'l> {
    /// An empty page.
    pub(super) fn new(base: Url, limits: &'l Limits) -> Self {
        Self {
            base,
            limits,
            page: Page {
                blocks: vec![super::root()],
                ..Page::default()
            },
            blocks: vec![0],
            elements: Vec::new(),
            draft: Draft::default(),
            open: Vec::new(),
            bold: 0,
            headings: Vec::new(),
            controls: 0,
            menus: 0,
            hidden: 0,
            options: 0,
            tables: Vec::new(),
            cells: Vec::new(),
            joined: 0,
            calls: Vec::new(),
            cut: None,
        }
    }

    /// Adds a tree; `origin` replaces that of its links.
    pub(super) fn tree(&mut self, tree: &Html, origin: Option<LinkOrigin>) {
        let from = self.page.links.len();
        for edge in tree.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => self.enter(element),
                    Node::Text(text) if self.hidden == 0 => self.text(text),
                    Node::Comment(comment) => self.comment(comment),
                    _ => {}
                },
                Edge::Close(node) => {
                    if let Node::Element(element) = node.value() {
                        self.leave(element.name());
                    }
                }
            }
        }
        self.flush();
        if let Some(origin) = origin {
            for link in &mut self.page.links[from..] {
                if link.origin != LinkOrigin::Comment {
                    link.origin = origin;
                }
            }
        }
    }

    /// Notes elements that are empty and that the given code, which asks the server for something, names: it fills them.
    pub(super) fn note_filled_by_code(&mut self, codes: &[String]) {
        if codes.is_empty() {
            return;
        }
        let named = names_in(codes);
        for block in &self.page.blocks {
            let Some(id) = block.id.as_deref().filter(|id| !id.is_empty() && block.span.is_empty()) else {
                continue;
            };
            if named.contains(id) {
                let line = block.lines().start.checked_sub(1);
                self.page.loaders.push((line, format!("#{id}")));
            }
        }
    }

    /// The page, its targets resolved.
    pub(super) fn finish(mut self) -> Page {
        self.flush();
        self.page.blocks[0].span = 0..self.line_number();
        let waiting = self
            .page
            .lines
            .iter()
            .enumerate()
            .filter(|(_, l)| says_loading(&l.text));
        let waiting: Vec<_> = waiting.map(|(n, l)| (Some(n), l.text.clone())).collect();
        self.page.loaders.extend(waiting);
        self.resolve_calls();
        for link in &mut self.page.links {
            link.text.shrink_to_fit();
        }
        self.page.blocks.shrink_to_fit();
        self.page.lines.shrink_to_fit();
        self.page.links.shrink_to_fit();
        self.page
    }

    /// What calls open becomes a line's target, what they load a loader.
    fn resolve_calls(&mut self) {
        let calls = std::mem::take(&mut self.calls);
        if calls.is_empty() {
            return;
        }
        let ids: std::collections::BTreeSet<Box<str>> = self.page.blocks.iter().filter_map(|b| b.id.clone()).collect();
        let mut targets: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (line, call, arguments) in calls {
            let opened: Vec<String> = arguments
                .iter()
                .map(|a| a.trim_start_matches('#').to_owned())
                .filter(|a| ids.contains(a.as_str()))
                .collect();
            match line {
                Some(n) if !opened.is_empty() => targets.entry(n).or_default().extend(opened),
                _ if opened.is_empty() && is_loader(&call) => self.page.loaders.push((line, call)),
                _ => {}
            }
        }
        for (n, opened) in targets {
            let targets = &mut self.page.lines[n].targets;
            *targets = std::mem::take(targets).into_iter().chain(opened).collect();
        }
    }

    /// The number that the next line gets.
    fn line_number(&self) -> u32 {
        u32::try_from(self.page.lines.len()).unwrap_or(u32::MAX)
    }

    /// Begins a block that no element stands for.
    pub(super) fn open_block(&mut self, name: &str) {
        self.flush();
        self.begin_block(Tag::of(name).unwrap_or_else(Tag::body), None);
    }

    fn begin_block(&mut self, tag: Tag, id: Option<&str>) {
        let at = self.line_number();
        self.page.blocks.push(Block {
            parent: self.blocks.last().copied(),
            tag,
            id: id.map(Into::into),
            span: at..at,
        });
        let own = u32::try_from(self.page.blocks.len() - 1).unwrap_or(u32::MAX);
        self.blocks.push(own);
    }

    /// Ends the innermost block.
    pub(super) fn close_block(&mut self) {
        self.flush();
        if self.blocks.len() > 1
            && let Some(block) = self.blocks.pop()
        {
            self.page.blocks[block as usize].span.end = self.line_number();
        }
    }

    /// From here to [`Self::end_joined`] all is one line, whatever blocks come.
    pub(super) fn begin_joined(&mut self) {
        self.flush();
        self.joined += 1;
    }

    /// See [`Self::begin_joined`].
    pub(super) fn end_joined(&mut self) {
        self.joined -= 1;
        self.flush();
    }

    /// Adds text to the line.
    pub(super) fn text(&mut self, text: &str) {
        let letters = text.chars().filter(|c| !c.is_whitespace()).count();
        if letters > 0 {
            self.settle_links();
            self.draft.heading = self.draft.heading.max(self.headings.last().copied().unwrap_or(0));
            self.draft.control |= self.controls > 0;
            self.draft.boilerplate |= self.menus > 0;
            self.draft.letters += letters;
            if self.bold > 0 {
                self.draft.bold += letters;
            }
            for open in &self.open {
                let own = &mut self.page.links[open.link].text;
                if own.len() < LINK_TEXT {
                    own.extend(text.chars().take(LINK_TEXT));
                }
            }
        }
        self.draft.text.push_str(text);
    }

    /// Adds a link to the line.
    pub(super) fn add_link(&mut self, href: &str, text: &str, origin: LinkOrigin) {
        if let Some(link) = self.push_link(href, origin) {
            text.clone_into(&mut self.page.links[link].text);
            self.draft.links.push(link);
        }
    }

    fn push_link(&mut self, href: &str, origin: LinkOrigin) -> Option<usize> {
        let found = resolve(&self.base, href);
        self.push_resolved(href, found, origin)
    }

    fn push_resolved(&mut self, href: &str, found: Option<(Url, Option<String>)>, origin: LinkOrigin) -> Option<usize> {
        if self.page.links.len() >= self.limits.links {
            self.cut
                .get_or_insert_with(|| format!("sólo se leyeron {} enlaces", self.limits.links));
            return None;
        }
        let (url, fragment) = found.map_or((None, None), |(u, f)| (Some(String::from(u)), f));
        self.page.links.push(Link {
            href: href.trim().to_owned(),
            url,
            fragment,
            text: String::new(),
            origin,
            line: None,
        });
        Some(self.page.links.len() - 1)
    }

    /// Puts the open links that no line shows yet on this line.
    fn settle_links(&mut self) {
        for open in &self.open {
            let link = &mut self.page.links[open.link];
            if link.line.is_none() {
                self.draft.links.push(open.link);
                // Marked; the number is set when the line ends.
                link.line = Some(usize::MAX);
            }
        }
    }

    fn flush(&mut self) {
        if self.joined > 0 {
            self.draft.text.push(' ');
            return;
        }
        if self.draft.is_empty() {
            self.draft.begin();
            return;
        }
        if self.page.lines.len() >= self.limits.lines {
            self.cut
                .get_or_insert_with(|| format!("sólo se leyeron {} renglones", self.limits.lines));
            for &link in &self.draft.links {
                self.page.links[link].line = None;
            }
            self.draft.begin();
            return;
        }
        let number = self.page.lines.len();
        for &link in &self.draft.links {
            self.page.links[link].line = Some(number);
        }
        let draft = &mut self.draft;
        let text = collapsed(&draft.text);
        if draft.links.is_empty() && draft.targets.is_empty() && is_opener(&text) && draft.icons.is_empty() {
            draft.icons.push(Icon {
                text: text.clone(),
                control: draft.control,
            });
        }
        self.page.lines.push(Line {
            bold: draft.letters > 0 && draft.bold == draft.letters,
            text,
            block: self.blocks.last().copied().unwrap_or(0),
            heading: draft.heading,
            control: draft.control,
            links: draft.links.as_slice().into(),
            icons: std::mem::take(&mut draft.icons).into(),
            targets: std::mem::take(&mut draft.targets).into(),
            boilerplate: draft.boilerplate || self.menus > 0,
            cell: self.cells.last().cloned().flatten(),
        });
        self.draft.begin();
    }

    fn enter(&mut self, element: &Element) {
        let name = element.name();
        if hides(name) {
            self.hidden += 1;
            self.elements.push(Ending {
                hidden: true,
                ..Ending::default()
            });
            return;
        }
        if self.hidden > 0 {
            self.elements.push(Ending::default());
            return;
        }
        let marks = Marks::of(element);
        let block = Tag::of(name);
        let ending = Ending {
            hidden: false,
            link: opens_link(name, element, &marks),
            block,
            bold: marks.is_bold(name),
            heading: marks.heading(name).is_some(),
            control: marks.is_control(name),
            line: matches!(name, "iframe" | "frame" | "embed" | "object"),
            menu: marks.is_menu(name),
        };
        self.elements.push(ending);
        if block.is_some() || ending.line || matches!(name, "br" | "hr") {
            self.flush();
        }
        self.menus += usize::from(ending.menu);
        self.enter_table(name, element);
        if let Some(tag) = block {
            self.begin_block(tag, marks.id.or(marks.name.filter(|_| name != "select")));
        }
        self.bold += usize::from(ending.bold);
        self.headings.extend(marks.heading(name));
        self.controls += usize::from(ending.control);
        if marks.acts {
            self.draft.targets.extend(attributes::targets(element));
        }
        self.enter_link(name, element, &marks);
    }

    fn leave(&mut self, name: &str) {
        let Some(ending) = self.elements.pop() else { return };
        if ending.hidden {
            self.hidden = self.hidden.saturating_sub(1);
            return;
        }
        if self.hidden > 0 {
            return;
        }
        if ending.link {
            self.close_link(name);
        }
        if let Some(tag) = ending.block {
            self.close_element_block(tag);
        }
        self.bold = self.bold.saturating_sub(usize::from(ending.bold));
        if ending.heading {
            self.headings.pop();
        }
        self.controls = self.controls.saturating_sub(usize::from(ending.control));
        if ending.line {
            self.flush();
        }
        self.leave_table(name);
        self.menus = self.menus.saturating_sub(usize::from(ending.menu));
    }

    fn close_element_block(&mut self, tag: Tag) {
        let is_own = self
            .blocks
            .last()
            .is_some_and(|&b| self.page.blocks[b as usize].tag == tag);
        if is_own {
            self.close_block();
        } else {
            self.flush();
        }
    }

    fn enter_table(&mut self, name: &str, element: &Element) {
        match name {
            "table" => {
                self.tables.push(Table {
                    number: u32::try_from(self.page.tables).unwrap_or(u32::MAX),
                    ..Table::default()
                });
                self.page.tables += 1;
                self.cells.push(None);
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row = Some(table.row.map_or(0, |r| r + 1));
                    table.column = 0;
                }
            }
            "td" | "th" => {
                let span = |attribute: &str| {
                    attr(element, attribute)
                        .and_then(|v| v.trim().parse::<usize>().ok())
                        .unwrap_or(1)
                        .clamp(1, SPAN)
                };
                let (width, height) = (span("colspan"), u32::try_from(span("rowspan")).unwrap_or(1));
                let cell = self.tables.last_mut().map(|table| {
                    let row = table.row.unwrap_or(0);
                    while table.covered.get(table.column).is_some_and(|free| *free > row) {
                        table.column += 1;
                    }
                    let column = table.column;
                    let end = column + width;
                    if table.covered.len() < end.min(COLUMNS) {
                        table.covered.resize(end.min(COLUMNS), 0);
                    }
                    for free in table.covered.iter_mut().take(end).skip(column) {
                        *free = row.saturating_add(height);
                    }
                    table.column = end;
                    Cell {
                        table: table.number,
                        row: table.row.unwrap_or(0),
                        column: u32::try_from(column).unwrap_or(u32::MAX),
                        header: name == "th",
                    }
                });
                self.cells.push(cell);
            }
            _ => {}
        }
    }

    fn leave_table(&mut self, name: &str) {
        match name {
            "table" => {
                self.tables.pop();
                self.cells.pop();
            }
            "td" | "th" => {
                self.cells.pop();
            }
            _ => {}
        }
    }

    fn enter_link(&mut self, name: &str, element: &Element, marks: &Marks<'_>) {
        match name {
            "a" | "area" => self.open_anchor(name, element, marks),
            "iframe" | "frame" | "embed" => self.embed(attr(element, "src"), element),
            "object" => self.embed(attr(element, "data"), element),
            "param" if matches!(attr(element, "name"), Some("src" | "movie")) => {
                self.embed(attr(element, "value"), element);
            }
            "img" => self.picture(element),
            "input" => self.input(element),
            "form" => self.form(element),
            "option" => {
                self.options += 1;
                let value = attr(element, "value").unwrap_or_default();
                if looks_like_address(value) && self.options <= OPTIONS {
                    self.open_link(value, LinkOrigin::Option, "option", element);
                }
            }
            "i" | "span" | "svg" => {
                if self.open.is_empty()
                    && let Some(text) = attributes::download_words(element)
                {
                    self.draft.icons.push(Icon { text, control: false });
                }
            }
            _ => {}
        }
        match name {
            "a" | "area" | "option" => {}
            _ if !marks.acts => {}
            _ if opens_link(name, element, marks) => self.open_clickable(name, element),
            _ => self.note_calls(element),
        }
    }

    fn open_anchor(&mut self, name: &str, element: &Element, marks: &Marks<'_>) {
        let href = marks.href.unwrap_or_default();
        let found = resolve(&self.base, href).filter(|_| !href.trim().starts_with('#'));
        if found.is_some() {
            self.open_resolved(href, found, LinkOrigin::Anchor, (name, element));
            if marks.acts {
                self.note_calls(element);
            }
            return;
        }
        let (address, origin) = clicked(element).unwrap_or((href.to_owned(), LinkOrigin::Anchor));
        self.open_link(&address, origin, name, element);
        if origin == LinkOrigin::Anchor {
            self.note_calls(element);
        }
    }

    /// A `div`, `button`, `tr`… that a script or data attribute makes a link.
    fn open_clickable(&mut self, name: &str, element: &Element) {
        if let Some((address, origin)) = clicked(element) {
            self.open_link(&address, origin, name, element);
        }
    }

    fn open_link(&mut self, href: &str, origin: LinkOrigin, name: &str, element: &Element) {
        let found = resolve(&self.base, href);
        self.open_resolved(href, found, origin, (name, element));
    }

    fn open_resolved(
        &mut self,
        href: &str,
        found: Option<(Url, Option<String>)>,
        origin: LinkOrigin,
        (name, element): (&str, &Element),
    ) {
        // A viewer shows a document: what is linked is the document.
        let inner = is_viewer(href).then(|| wrapped(href)).flatten();
        let link = match inner {
            Some(inner) => self.push_link(&inner, origin),
            None => self.push_resolved(href, found, origin),
        };
        if let Some(link) = link {
            self.open.push(Open {
                link,
                name: name.to_owned(),
                fallback: attr(element, "title")
                    .or(attr(element, "aria-label"))
                    .or(attr(element, "download"))
                    .unwrap_or_default()
                    .to_owned(),
                alternative: String::new(),
            });
        }
    }

    fn close_link(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|o| o.name == name) else {
            return;
        };
        let unsettled = self.page.links[self.open[at].link].line.is_none();
        if unsettled {
            self.settle_links();
        }
        let open = self.open.remove(at);
        let link = &mut self.page.links[open.link];
        if !is_collapsed(&link.text) {
            link.text = collapse(&link.text);
        }
        if link.text.is_empty() {
            link.text = if open.fallback.trim().is_empty() {
                open.alternative
            } else {
                open.fallback
            };
        }
        if unsettled {
            self.draft.boilerplate |= self.menus > 0;
        }
    }

    /// Calls without an address: what they open, or that they load something.
    fn note_calls(&mut self, element: &Element) {
        for code in attributes::handlers(element) {
            let arguments = script::literals(code);
            if script::first_call(code).is_some() || !arguments.is_empty() {
                let line = (self.joined == 0).then_some(self.page.lines.len());
                self.calls.push((line, code.trim().to_owned(), arguments));
            }
        }
    }

    fn embed(&mut self, address: Option<&str>, element: &Element) {
        let Some(address) = address.filter(|a| !a.trim().is_empty() && !a.starts_with("about:")) else {
            return;
        };
        let text = attr(element, "title").unwrap_or_default().to_owned();
        let picture = attr(element, "type").is_some_and(|t| t.starts_with("image"));
        if !picture {
            self.add_link(address, &text, LinkOrigin::Embedded);
            if let Some(inner) = wrapped(address) {
                self.add_link(&inner, &text, LinkOrigin::Embedded);
            }
        }
    }

    fn picture(&mut self, element: &Element) {
        let alt = attr(element, "alt").or(attr(element, "title")).unwrap_or_default();
        if self.open.is_empty() {
            if let Some(text) = attributes::download_words(element) {
                self.draft.icons.push(Icon { text, control: false });
            }
        } else {
            self.settle_links();
            for open in &mut self.open {
                if open.alternative.is_empty() {
                    alt.clone_into(&mut open.alternative);
                }
            }
        }
    }

    fn input(&mut self, element: &Element) {
        let kind = attr(element, "type").unwrap_or("text").to_ascii_lowercase();
        if matches!(kind.as_str(), "button" | "submit" | "image")
            && let Some(value) = attr(element, "value")
        {
            self.controls += 1;
            if let Some((address, origin)) = clicked(element) {
                self.add_link(&address, value, origin);
            }
            self.text(value);
            self.controls -= 1;
        }
        if let (Some(form), Some(name)) = (self.page.forms.last_mut(), attr(element, "name")) {
            form.search |= kind == "search" || matches!(name.to_lowercase().as_str(), "s" | "q" | "search" | "buscar");
            form.fields.push(name.to_owned());
        }
    }

    fn form(&mut self, element: &Element) {
        let method = attr(element, "method").unwrap_or("get").to_ascii_lowercase();
        let action = attr(element, "action").unwrap_or_default();
        let resolved = resolve(&self.base, action).map(|(u, _)| u.to_string());
        if method == "get"
            && !action.trim().is_empty()
            && let Some(link) = self.push_link(action, LinkOrigin::Form)
        {
            self.page.links[link].line = None;
        }
        self.page.forms.push(Form {
            method,
            action: resolved,
            fields: Vec::new(),
            search: false,
        });
    }

    /// Addresses in commented markup: recorded, never followed.
    fn comment(&mut self, text: &str) {
        for mark in ["href=", "src=", "data="] {
            for part in text.split(mark).skip(1).take(200) {
                let quote = part.chars().next().filter(|c| matches!(c, '"' | '\''));
                let value = match quote {
                    Some(q) => part[1..].split(q).next().unwrap_or_default(),
                    None => part
                        .split(|c: char| c.is_whitespace() || c == '>')
                        .next()
                        .unwrap_or_default(),
                };
                if looks_like_address(value) {
                    self.push_link(value, LinkOrigin::Comment);
                }
            }
        }
    }
}

/// Whether an element opens a link of its own.
fn opens_link(name: &str, element: &Element, marks: &Marks<'_>) -> bool {
    match name {
        "a" | "area" => true,
        "option" => looks_like_address(attr(element, "value").unwrap_or_default()),
        "select" | "form" | "input" | "iframe" | "frame" | "embed" | "object" | "img" | "body" | "html" => false,
        _ => marks.acts && clicked(element).is_some(),
    }
}

/// Elements whose text nobody sees.
fn hides(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "template" | "noscript" | "head" | "title" | "textarea"
    )
}

/// The address that a click leads to by a handler or a data attribute.
fn clicked(element: &Element) -> Option<(String, LinkOrigin)> {
    for code in attributes::handlers(element) {
        if let Some(address) = script::literals(code).into_iter().find(|l| looks_like_address(l)) {
            return Some((address, LinkOrigin::Handler));
        }
    }
    attributes::data_addresses(element)
        .first()
        .map(|a| ((*a).to_owned(), LinkOrigin::Data))
}

/// Whether an address is that of a viewer of documents, on whatever host; what it shows is told in its query.
fn is_viewer(address: &str) -> bool {
    let Some((place, _)) = address.split_once('?') else {
        return false;
    };
    let place = place.to_ascii_lowercase();
    ["viewer", "gview", "officeapps.live.com"]
        .iter()
        .any(|v| place.contains(v))
}

/// The document inside a viewer's address: `viewer.html?file=…`, `gview?url=…`.
fn wrapped(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let value = percent_encoding::percent_decode_str(value)
            .decode_utf8_lossy()
            .into_owned();
        (matches!(name, "file" | "url" | "src" | "pdf") && looks_like_address(&value)).then_some(value)
    })
}

/// What stands between quotes in code, and after `#`: names of elements among much else.
fn names_in(codes: &[String]) -> HashSet<&str> {
    let mut out = HashSet::new();
    for code in codes {
        for quote in ['"', '\''] {
            let mut parts = code.split(quote);
            parts.next();
            out.extend(parts);
        }
        for part in code.split('#').skip(1) {
            let end = part.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')));
            out.insert(&part[..end.unwrap_or(part.len())]);
        }
    }
    out
}

/// Whether a text stands where content is still to come: "Cargando…".
fn says_loading(text: &str) -> bool {
    text.len() < 40
        && text.contains(['c', 'C', 'l', 'L', 'p', 'P'])
        && !text.contains(|c: char| c.is_ascii_digit())
        && matches!(
            crate::text::fold(text).as_str(),
            "cargando" | "cargando datos" | "cargando informacion" | "loading" | "espere por favor"
        )
}

/// Whether code asks the server for content while the page is open.
pub(super) fn asks_the_server(code: &str) -> bool {
    [
        "fetch(",
        "XMLHttpRequest",
        ".ajax(",
        ".get(",
        ".post(",
        ".getJSON(",
        ".load(",
        "axios",
    ]
    .iter()
    .any(|call| code.contains(call))
}

/// Whether a call loads content into the page.
fn is_loader(code: &str) -> bool {
    const VERBS: &[&str] = &[
        "cargar", "load", "carga", "traer", "consulta", "fill", "mostrar", "getpage", "abrir", "verdoc", "ajax", "show",
    ];
    script::first_call(code).is_some_and(|(name, arguments)| {
        let lower = name.to_lowercase();
        arguments && VERBS.iter().any(|v| lower.contains(v))
    })
}

/// Text as it is shown.
fn collapsed(text: &str) -> String {
    let within = text.trim_matches(' ');
    if is_collapsed(within) {
        within.to_owned()
    } else {
        collapse(text)
    }
}

/// Whether nothing of a text is shown.
fn is_blank(text: &str) -> bool {
    text.chars().all(parts_words)
}

/// White space and what is as good as none.
fn parts_words(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{200b}' || c == '\u{feff}'
}

/// Whether [`collapse`] would surely change nothing; letters beyond Latin are left to it.
fn is_collapsed(text: &str) -> bool {
    let mut before = b' ';
    for &b in text.as_bytes() {
        let plain = matches!(b, 0x21..=0x7e | 0x80..=0xbf | 0xc3) || b == b' ' && before != b' ';
        if !plain {
            return false;
        }
        before = b;
    }
    !text.ends_with(' ')
}

/// White space collapsed, none at the ends, control characters out.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(parts_words) {
        if !word.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_counts_as_collapsed_is(text in "[ a-zá¡ñ\u{a0}\u{85}\u{200b}\t.-]{0,12}") {
            prop_assert!(!is_collapsed(&text) || collapse(&text) == text);
            prop_assert_eq!(collapsed(&text), collapse(&text));
            prop_assert_eq!(is_blank(&text), collapse(&text).is_empty());
        }
    }

    #[test]
    fn usual_text_is_collapsed() {
        assert!(is_collapsed("Fracción I. Año 2024") && is_collapsed(""));
        for not in [" a", "a ", "a  b", "a\nb", "a\u{a0}b"] {
            assert!(!is_collapsed(not), "{not}");
        }
    }
}
