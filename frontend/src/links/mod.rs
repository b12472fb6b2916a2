//! The public links of a form and its inbound hooks, for whoever administers it.

mod card;
mod code_dialog;
mod dialog;
mod fields;
mod hooks;
mod page;

pub use page::LinksPage;

use wire::Link;

use crate::browser;

/// Where a visitor finds the form; nothing for a link whose address is not known any more.
fn address(link: &Link) -> Option<String> {
    let token = link.token.as_ref()?;
    Some(link.url.clone().unwrap_or_else(|| format!("{}/f/{token}", browser::origin())))
}
