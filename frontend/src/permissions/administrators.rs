//! Who administers a form without administering its app.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::FormAdmins;

use crate::api::{Problem, permissions};
use crate::settings::{AdministratorInputs, Administrators};
use crate::ui::{Banner, Button, ButtonKind, Dialog, Loaded, ProblemCode, Tone, toast};
use crate::{t, text};

/// Names them, for who administers the app.
#[component]
pub fn AdministratorsDialog(open: RwSignal<bool>, form: Id) -> impl IntoView {
    let named = Administrators::of(&[]);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<Problem>));
    // Before it is known who they are nothing may take their place.
    let is_known = RwSignal::new(false);
    let save = move |_| {
        busy.set(true);
        problem.set(None);
        let admins = FormAdmins { admins: vec![named.entry()] };
        spawn_local(async move {
            let saved = permissions::replace_admins(form, &admins).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match saved {
                Ok(_) => {
                    open.set(false);
                    toast::show(text!("record-saved"));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            {move || is_known.get().then(|| view! {
                <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("ui-save")}</Button>
            })}
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("permissions-admins")) foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                {move || problem.get().map(|problem| view! { <Banner tone=Tone::Danger>{problem.sentence()}<ProblemCode problem=problem/></Banner> })}
                <p>{t!("permissions-admins-text")}</p>
                <Asking form=form named=named is_known=is_known problem=problem/>
            </div>
        </Dialog>
    }
}

/// Those who administer it now, to be changed.
#[component]
fn Asking(
    form: Id,
    named: Administrators,
    is_known: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
) -> impl IntoView {
    is_known.set(false);
    problem.set(None);
    let answer = LocalResource::new(move || permissions::admins(form));
    let inputs = move |now: FormAdmins| {
        named.take_over(&now.admins);
        is_known.set(true);
        view! { <AdministratorInputs named=named/> }
    };
    view! { <Loaded answer=answer view=inputs/> }
}
