//! Transaction scripts of an app: their list, and a desk where one is written, tried out, and held against its cases.

mod bench;
mod cases;
mod help;
mod list;
mod outcome;
mod page;
mod source;
mod suggest;

pub use list::ScriptsPage;
pub use page::ScriptPage;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::i18n;
use crate::shell::ShellContext;

/// The script of the address; nothing for one that is not there yet.
fn script_param() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("script")).unwrap_or_default())
}

/// What the forms are called that bind a script. One of an app that is not open is named by its id.
fn forms_named(shell: ShellContext, forms: &[engine::value::Id]) -> Vec<String> {
    let known = shell.forms.get().and_then(Result::ok).unwrap_or_default();
    let name = |id: &engine::value::Id| {
        let form = known.iter().find(|form| form.id == *id);
        form.map_or_else(|| id.to_string(), |form| form.label.get(i18n::language()).to_string())
    };
    forms.iter().map(name).collect()
}
