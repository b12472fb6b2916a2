//! Texts that a person sees: languages, labels with translations, faults as data.
//!
//! The engine never answers with a finished sentence. A [`Fault`] says what is wrong by a stable code and its
//! arguments; [`Texts`] turns it into a sentence in the reader's language, from the Fluent files in
//! `engine/texts/`.

mod fault;
mod label;
mod qr_code;
mod texts;

pub use fault::{Fault, Faults};
pub use label::{Label, Language};
pub use qr_code::qr_code;
pub use texts::Texts;
