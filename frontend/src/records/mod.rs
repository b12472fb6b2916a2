//! Records: making one, reading and changing one, as a page or in a drawer beside the grid.

mod ahead;
mod asked_before;
mod choosing;
mod comments;
mod elsewhere;
mod given;
mod gone;
mod history;
pub mod kept_draft;
mod kept_offer;
mod known;
mod leaving;
mod linked_lists;
pub mod list_place;
mod loaders;
mod made;
mod making;
mod menu;
mod merge;
mod merging;
mod new_page;
mod new_record;
mod own_draft;
mod owner;
mod panel;
mod print_out;
mod record_page;
mod refusing;
mod rights;
mod row_changes;
mod side;
mod submitting;
mod void_dialog;

pub use choosing::{ChoosePeople, Choosing};
pub use comments::Comments;
pub use elsewhere::Elsewhere;
pub use given::{AGAIN, COPIED};
pub use history::History;
pub use kept_offer::KeptOffer;
pub use known::{Facts, given, open_record, system_value, title_of};
pub use leaving::{AskBeforeLeaving, Leaving};
pub use linked_lists::LinkedLists;
pub use loaders::{loaders, loaders_of_draft};
pub use menu::RecordMenu;
pub use new_page::{BeginningAgain, FormToFill, NewRecordPage};
pub use owner::{OwnerInput, OwnerLine};
pub use panel::RecordPanel;
pub use record_page::RecordPage;
pub use refusing::refuse;
pub use rights::{editable, why_locked};
pub use side::RecordSide;

use std::collections::BTreeMap;

use engine::context::{Context, Dice};
use engine::value::Value;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::{people, session};
use crate::browser;

/// The app of the address.
pub fn app_param() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("app")).unwrap_or_default())
}

/// The form of the address.
pub fn form_param() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("form")).unwrap_or_default())
}

/// The moment, the person and the app's parameters, for the engine.
pub fn context(params: BTreeMap<String, Value>) -> Context {
    let me = session::me();
    let zone = me.as_ref().and_then(|me| jiff::tz::TimeZone::get(&me.workspace.zone).ok());
    let mut context = Context::system(browser::now(), zone.unwrap_or_else(browser::zone));
    context.above = people::above();
    if let Some(me) = me {
        context.departments = context.with_parts(me.member.departments.iter().copied()).into_iter().collect();
        context.own_departments = me.member.departments;
        context.user = Some(me.member.id);
    }
    context.params = params;
    context.dice = Dice::new(browser::chance());
    context
}

/// What a record is called in a list to choose from.
pub fn name_of(form: &engine::form::Form, record: &wire::records::Record) -> String {
    let values = engine::record::read_values(form, &record.fields);
    let title = engine::record::title(form, &values, crate::i18n::language(), &|_| String::new());
    if title.is_empty() { record.id.to_string() } else { title }
}
