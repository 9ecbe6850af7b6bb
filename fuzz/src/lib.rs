//! What the targets share: bytes as if a portal had sent them.

use url::Url;
use veedor::extract::{Limits, Source, extract};
use veedor::model::Document;

/// Limits small enough that a slow input shows as slow within seconds.
fn limits() -> Limits {
    Limits {
        text_bytes: 1 << 20,
        rows: 5_000,
        cells: 50_000,
        inflated: 16 << 20,
        ..Limits::default()
    }
}

/// Reads bytes that came from an address ending in `name`, under a content type.
///
/// # Panics
/// When `name` makes no address, which is a mistake of the target.
#[must_use]
pub fn read(name: &str, content_type: &str, bytes: &[u8]) -> Document {
    let url = Url::parse(&format!("https://portal.example/transparencia/{name}")).expect("an address");
    let source = Source {
        url: &url,
        loaded_by: None,
        content_type: Some(content_type),
        headers: &[],
    };
    let document = extract(&source, bytes, &limits());
    // What a crawl would follow is made of it too.
    let _ = veedor::extract::links(&document);
    document
}
