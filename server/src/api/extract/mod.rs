//! What handlers read from a request. Each refuses with a [`super::Problem`], so no answer is left to the
//! framework's own words.

mod body;
mod depth;
mod once;
mod page;
mod path;
mod principal;
mod query;
mod version;

pub use body::{Body, Design, Raw};
pub use once::{Once, read_key};
pub use page::Page;
pub use path::Path;
pub use principal::{
    Door, Origin, SeeAs, Signed, admit, cookie_in, cookie_name, see_as_cookie_name, set_cookie,
    set_cookie_for,
};
pub use query::{Query, refuse_unread};
pub use version::{IfMatch, IfMatchIfAny};
