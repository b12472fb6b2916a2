//! Before people of the workspace change: who gains and who loses what, in every app and form.

use engine::text::Label;
use leptos::prelude::*;
use wire::{PeopleChange, Person};

use crate::api::Problem;
use crate::permissions::Told;
use crate::ui::{Badge, Banner, Button, ButtonKind, Dialog, Tone};
use crate::{i18n, t, text};

/// What a change means; why, where that can't be told.
#[component]
pub fn Changes(answer: Result<Vec<PeopleChange>, Problem>) -> impl IntoView {
    match answer {
        Ok(all) if all.is_empty() => view! { <p>{t!("permissions-change-nothing")}</p> }.into_any(),
        Ok(all) => {
            let all = all.into_iter().map(|change| view! { <InPlace change=change/> }).collect_view();
            view! { <div class="stack g3">{all}</div> }.into_any()
        }
        Err(problem) => {
            let why = problem.sentence();
            view! { <Banner tone=Tone::Warning>{t!("people-change-unknown", why = why)}</Banner> }.into_any()
        }
    }
}

/// Says what a change means, and makes it when that is wanted.
#[component]
pub fn ChangesDialog(
    open: RwSignal<bool>,
    told: RwSignal<Option<Result<Vec<PeopleChange>, Problem>>>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] on_confirm: Callback<()>,
) -> impl IntoView {
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| on_confirm.run(())>{t!("ui-save")}</Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("permissions-change")) foot=Some(ViewFn::from(foot))>
            {move || told.get().map(|answer| view! { <Changes answer=answer/> })}
        </Dialog>
    }
}

/// What changes in an app, or in a form of it.
#[component]
fn InPlace(change: PeopleChange) -> impl IntoView {
    let place = where_it_is(&change.app_label, change.form_label.as_ref());
    let PeopleChange { administer, administer_no_more, rights, .. } = change;
    let line = |tone: Tone, sign: &'static str, words: String| {
        view! { <li class="row"><Badge tone=tone>{sign}</Badge><span class="grow">{words}</span></li> }
    };
    let come = (!administer.is_empty())
        .then(|| line(Tone::Success, "+", text!("people-change-administer", names = names(administer))));
    let go = (!administer_no_more.is_empty()).then(|| {
        line(Tone::Danger, "−", text!("people-change-administer-no-more", names = names(administer_no_more)))
    });
    let administration =
        (come.is_some() || go.is_some()).then(|| view! { <ul class="stack g1">{come}{go}</ul> });
    let has_rights = !rights.members.is_empty() || rights.left_out > 0;
    view! {
        <section class="card">
            <div class="card-head"><h3>{place}</h3></div>
            <div class="card-body stack g3">
                {administration}
                {has_rights.then(|| view! { <Told change=rights/> })}
            </div>
        </section>
    }
}

/// The app, and the form in it.
pub fn where_it_is(app: &Label, form: Option<&Label>) -> String {
    let named = |label: &Label| label.get(i18n::language()).to_string();
    match form {
        Some(form) => format!("{} / {}", named(app), named(form)),
        None => named(app),
    }
}

fn names(people: Vec<Person>) -> String {
    i18n::listed(people.into_iter().map(|person| person.name))
}
