//! The page of a new record: who may make one, and what happens when the form becomes another one meanwhile.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::new_record::{Carried, NewRecord};
use super::{app_param, form_param};
use crate::api::forms::{self, OpenForm};
use crate::shell::Top;
use crate::ui::{Button, Crumb, Empty, Loaded};
use crate::{i18n, t};

/// Opening a form anew with what was entered into it, once it has become another one.
#[derive(Clone, Copy)]
pub struct BeginningAgain {
    carried: StoredValue<Option<Carried>>,
    reopen: Callback<()>,
}

impl BeginningAgain {
    pub fn new(reopen: Callback<()>) -> BeginningAgain {
        BeginningAgain { carried: StoredValue::new(None), reopen }
    }
}

/// The page that makes a record.
#[component]
pub fn NewRecordPage() -> impl IntoView {
    let form = form_param();
    let opened = LocalResource::new(move || {
        let form = form.get();
        async move { forms::open(&form).await }
    });
    let again = BeginningAgain::new(Callback::new(move |()| opened.refetch()));
    let page = move |form: OpenForm| match form.may("create") {
        true => view! { <FormToFill form=form again=again/> }.into_any(),
        false => view! { <NoAdding form=form/> }.into_any(),
    };
    view! { <Loaded answer=opened view=page/> }
}

/// A form to be filled in: what opens where a record is made, and where one may do nothing else with the form.
#[component]
pub fn FormToFill(form: OpenForm, again: BeginningAgain) -> impl IntoView {
    let carried = again.carried.try_update_value(Option::take).flatten();
    let begin_again = move |what: Option<Carried>| {
        again.carried.set_value(what);
        again.reopen.run(());
    };
    view! { <NewRecord form=form carried=carried on_begin_again=begin_again/> }
}

/// Says that the reader may not add records, and leads back to those there are.
#[component]
fn NoAdding(form: OpenForm) -> impl IntoView {
    let app = app_param();
    let navigate = StoredValue::new(use_navigate());
    let (id, label) = (form.info.id, form.info.label);
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let list = move || format!("/apps/{}/forms/{id}", app.get());
    let crumbs =
        Signal::derive(move || vec![Crumb::link(name.get(), list()), Crumb::here(t!("record-no-adding")())]);
    let back = move |_| {
        let to = untrack(list);
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    view! {
        <Top crumbs=crumbs/>
        <Empty
            icon="lock"
            title=Signal::derive(t!("record-no-adding"))
            text=Signal::derive(move || t!("record-no-adding-text", form = name.get())())
        >
            <Button on_press=back>{t!("record-to-list")}</Button>
        </Empty>
    }
}
