//! The pages before one is inside: set-up, sign-in, an address that leads nowhere.

mod forgotten;
mod invitation;
mod languages;
mod not_found;
mod set_up;
mod sign_in;

pub use forgotten::{Entrance, ForgottenPage, NewPasswordPage};
pub use invitation::InvitationPage;
pub use languages::LanguageLinks;
pub use not_found::NotFound;
pub use set_up::SetUpPage;
pub use sign_in::{SignInForm, SignInPage};
