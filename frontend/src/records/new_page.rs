//! The page of a new record: who may make one, and what happens when the form becomes another one meanwhile.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::new_record::{Carried, NewRecord};
use super::{app_param, form_param};
use crate::api::forms::{self, OpenForm};
use crate::shell::Top;
use crate::ui::{Button, Crumb, Empty, Loaded};
use crate::{i18n, t};

/// The page that makes a record.
#[component]
pub fn NewRecordPage() -> impl IntoView {
    let form = form_param();
    let opened = LocalResource::new(move || {
        let form = form.get();
        async move { forms::open(&form).await }
    });
    // What was entered into the form as it was before it became another one.
    let carried = StoredValue::new(None::<Carried>);
    let begin_again = move |what: Option<Carried>| {
        carried.set_value(what);
        opened.refetch();
    };
    let page = move |form: OpenForm| match form.may("create") {
        true => {
            let carried = carried.try_update_value(Option::take).flatten();
            view! { <NewRecord form=form carried=carried on_begin_again=begin_again/> }.into_any()
        }
        false => view! { <NoAdding form=form/> }.into_any(),
    };
    view! { <Loaded answer=opened view=page/> }
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
