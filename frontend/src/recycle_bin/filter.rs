//! What of the bin is shown: by the sort of thing, the app, who deleted it, and what it is called.

use leptos::prelude::*;
use wire::BinnedKind;

use crate::api::bin::BinFilter;
use crate::api::people;
use crate::shell::ShellContext;
use crate::ui::{Choice, Field, SearchBox, Select};
use crate::{i18n, t, text};

/// How a sort of thing is called.
pub fn kind_name(kind: BinnedKind) -> String {
    match kind {
        BinnedKind::App => text!("bin-kind-app"),
        BinnedKind::Form => text!("bin-kind-form"),
        BinnedKind::Dashboard => text!("bin-kind-dashboard"),
        BinnedKind::Report => text!("bin-kind-report"),
        BinnedKind::Aggregate => text!("bin-kind-aggregate"),
        BinnedKind::FlowVersion => text!("bin-kind-flow-version"),
        BinnedKind::FlowDraft => text!("bin-kind-flow-draft"),
    }
}

/// The controls of the filter; the app is left out where it is given.
#[component]
pub fn FilterRow(filter: RwSignal<BinFilter>, with_app: bool) -> impl IntoView {
    let shell = ShellContext::expect();
    let members = LocalResource::new(people::members);
    let kinds = Signal::derive(move || {
        let kinds = BinnedKind::ALL.into_iter().filter(|kind| with_app || *kind != BinnedKind::App);
        kinds.map(|kind| Choice::new(kind.key(), kind_name(kind))).collect::<Vec<_>>()
    });
    let apps = Signal::derive(move || {
        let apps = shell.apps.get().and_then(Result::ok).unwrap_or_default();
        let apps = apps.into_iter().filter(|app| app.administrator);
        apps.map(|app| Choice::new(app.id.to_string(), app.label.get(i18n::language()))).collect::<Vec<_>>()
    });
    let people = Signal::derive(move || {
        let members = members.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        members.into_iter().map(|member| Choice::new(member.id.to_string(), member.name)).collect::<Vec<_>>()
    });
    let kind = Signal::derive(move || filter.with(|filter| filter.kind.map(|kind| kind.key().to_string())));
    let app = Signal::derive(move || filter.with(|filter| filter.app.clone()));
    let who = Signal::derive(move || filter.with(|filter| filter.who.clone()));
    let sought = Signal::derive(move || filter.with(|filter| filter.text.clone()));
    let choose_kind = move |key: Option<String>| {
        filter.update(|filter| filter.kind = key.as_deref().and_then(BinnedKind::from_key));
    };
    let choose_app = move |key: Option<String>| filter.update(|filter| filter.app = key);
    let choose_who = move |key: Option<String>| filter.update(|filter| filter.who = key);
    let search = move |text: String| filter.update(|filter| filter.text = text);
    let any = Signal::derive(t!("bin-any"));
    view! {
        <div class="row wrap bin-filter">
            <span class="grow"><SearchBox value=sought on_search=search placeholder=Signal::derive(t!("bin-search"))/></span>
            <Field label=t!("bin-kind")>
                <Select choices=kinds value=kind on_change=choose_kind placeholder=any clearable=true/>
            </Field>
            {with_app.then(|| view! {
                <Field label=t!("bin-of-app")>
                    <Select choices=apps value=app on_change=choose_app placeholder=any clearable=true/>
                </Field>
            })}
            <Field label=t!("bin-by")>
                <Select choices=people value=who on_change=choose_who placeholder=any clearable=true/>
            </Field>
        </div>
    }
}
