//! The chosen records given to somebody else.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::chosen::Chosen;
use super::many;
use super::rows::Rows;
use crate::api::forms::OpenForm;
use crate::records::OwnerInput;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, Field, Found, toast};
use crate::{i18n, t, text};

/// Records that are given at once at most.
pub const MOST_GIVEN: usize = 5_000;

/// Asks who is to have the chosen records, and gives each to them.
#[component]
pub fn GiveDialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    rows: Rows,
    chosen: Chosen,
) -> impl IntoView {
    let id = form.with_value(|form| form.info.id);
    let (owner, busy) = (RwSignal::new(None::<Found>), RwSignal::new(false));
    // How many are through, of how many.
    let through = RwSignal::new(None::<(usize, usize)>);
    // Whoever opens it again begins anew.
    Effect::new(move || {
        if open.get() {
            owner.set(None);
            through.set(None);
        }
    });
    let give = move |_| {
        let Some(found) = owner.get_untracked() else { return };
        let Ok(to) = found.id.parse::<Id>() else { return };
        busy.set(true);
        spawn_local(async move {
            match chosen.ids(MOST_GIVEN).await {
                Err(problem) => toast::refused(&problem),
                Ok(None) => toast::show(text!("grid-give-most", count = i18n::whole(MOST_GIVEN as u64))),
                Ok(Some(ids)) => {
                    let all = ids.len();
                    let told = |done: usize| {
                        let _ = through.try_set(Some((done, all)));
                    };
                    let fate = many::give(id, &ids, to, told).await;
                    many::tell_given(&fate, &found.title);
                    // The list may be left by now.
                    if busy.try_get_untracked().is_some() {
                        chosen.clear();
                        rows.refresh();
                    }
                }
            }
            let _ = (busy.try_set(false), open.try_set(false));
        });
    };
    let missing = Signal::derive(move || {
        let is_missing = owner.with(Option::is_none);
        is_missing.then(|| text!("record-owner-missing"))
    });
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy disabled_reason=missing on_press=give>{t!("record-change-owner")}</Button>
        }
    };
    let title = Signal::derive(move || {
        let count = chosen.count();
        text!("grid-give-question", count = i18n::whole(count), number = count)
    });
    view! {
        <Dialog open=open title=title size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <div class="stack g3">
                <Field label=Signal::derive(t!("record-new-owner")) required=true>
                    <OwnerInput form=id chosen=owner/>
                </Field>
                <p class="note muted">{t!("grid-give-text")}</p>
                {move || through.get().map(|(done, all)| view! {
                    <p class="note muted" role="status">{text!("grid-deleting", done = i18n::whole(done as u64), count = i18n::whole(all as u64))}</p>
                })}
            </div>
        </Dialog>
    }
}
