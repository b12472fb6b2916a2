//! Beginning to look as another member.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::people::{People, chosen};
use crate::api::session;
use crate::t;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, Field, Select, toast};

/// Asks as whom to look. Everything is read only until it ends, and noted in the audit trail.
#[component]
pub fn SeeAsDialog(open: RwSignal<bool>, people: StoredValue<People>) -> impl IntoView {
    let member = RwSignal::new(None::<String>);
    let (busy, choices) = (RwSignal::new(false), Signal::stored(people.with_value(People::active)));
    let begin = move |_| {
        let Some(id) = chosen(member.get_untracked()) else { return };
        busy.set(true);
        spawn_local(async move {
            if let Err(problem) = session::see_as(id).await {
                let _ = busy.try_set(false);
                toast::refused(&problem);
            }
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary icon="eye" busy=busy on_press=begin>{t!("permissions-see-as-begin")}</Button>
        }
    };
    let choose = move |key: Option<String>| member.set(key);
    view! {
        <Dialog open=open title=Signal::derive(t!("permissions-see-as")) size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <div class="stack g3">
                <p>{t!("permissions-see-as-text")}</p>
                <Field label=t!("permissions-member")>
                    <Select choices=choices value=member on_change=choose/>
                </Field>
            </div>
        </Dialog>
    }
}
