//! Transaction scripts: what a package does inside a save, such as posting stock, and where it refuses one (automations.md 1).
//!
//! A script is rhai, run in a raw engine that has only the functions of [`functions`]. It has no functions of its own, reads
//! and writes records through a [`Host`] alone, and ends at its [`Budget`]. The language is narrowed where it could grow
//! without anybody counting: what a variable holds is set as a whole or added to, never changed inside.

mod budget;
mod case;
mod compile;
mod event;
mod functions;
mod held;
mod machine;
mod offered;
mod operators;
mod question;
mod run;
#[cfg(test)]
mod tests;
mod weight;

pub use budget::{Budget, Limit, MAX_OPERATIONS, MAX_READS, MAX_SECONDS, MAX_WRITES, Used};
pub use case::{Case, Difference, Effect, Effects, LONGEST_NAME, MOST_CASES, Tried, Verb, differences};
pub use compile::{LONGEST, Outline, Script};
pub use event::ScriptEvent;
pub use held::{Names, Seen};
pub use offered::{Looks, OFFERED, Offered, ScriptTopic, offered};
pub use question::{Host, Question, Said, SortBy, Stopped, Told, Which};
pub use run::{About, Failed, Halt, Refused};
