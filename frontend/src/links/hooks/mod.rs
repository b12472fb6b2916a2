//! The inbound hooks of a form, for whoever administers it: other systems send what becomes records.

mod card;
mod deliveries;
mod dialog;
mod mapping;
mod secret;
mod section;

pub use section::HooksSection;

use wire::Hook;

use crate::browser;

/// Where messages are sent; nothing for a hook whose address is not known any more.
fn address(hook: &Hook) -> Option<String> {
    let token = hook.token.as_ref()?;
    Some(hook.url.clone().unwrap_or_else(|| format!("{}/api/v1/hooks/{token}", browser::origin())))
}
