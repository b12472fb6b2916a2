//! Whose a record is: shown on it, and changed by who may give it to somebody else.

use engine::form::system_label;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::Record;

use crate::api::records;
use crate::fill::Titles;
use crate::ui::{
    Avatar, AvatarSize, Button, ButtonKind, Dialog, DialogSize, Field, FieldContext, Found, Icon, IconSize,
    Picker, Popover, Searching, toast,
};
use crate::{i18n, t, text};

/// The system field that holds it.
const OWNER: &str = "$owner";

/// Whose the record is; nothing where it is nobody's, or its reader is not told whose.
#[component]
pub fn OwnerLine(#[prop(into)] record: Signal<Record>, titles: Titles) -> impl IntoView {
    let name = Memo::new(move |_| record.with(|record| record.system.owner).and_then(|id| titles.known(id)));
    move || {
        name.get().map(|name| {
            view! {
                <div class="row gap-1 note muted">
                    <span>{move || system_label(OWNER, i18n::language())}</span>
                    <Avatar name=name.clone() size=AvatarSize::Small/>
                    <span class="clip" title=name.clone()>{name.clone()}</span>
                </div>
            }
        })
    }
}

/// Asks who is to have the record, and gives it to them.
#[component]
pub fn OwnerDialog(
    form: Id,
    record: Signal<Record>,
    titles: Titles,
    open: RwSignal<bool>,
    /// Hears that it is somebody else's.
    #[prop(into)]
    on_given: Callback<()>,
) -> impl IntoView {
    let (chosen, busy) = (RwSignal::new(None::<Found>), RwSignal::new(false));
    // Whoever opens it again begins anew.
    Effect::new(move || {
        if open.get() {
            chosen.set(None);
        }
    });
    let give = move |_| {
        let Some(found) = chosen.get_untracked() else { return };
        let Ok(owner) = found.id.parse::<Id>() else { return };
        let (id, version) = record.with_untracked(|record| (record.id, record.version));
        busy.set(true);
        spawn_local(async move {
            let answer = records::give(form, id, version, owner).await;
            // The page may be left by now.
            let is_left = busy.try_set(false).is_some();
            match answer {
                Ok(_) => {
                    toast::show(text!("record-owner-changed", name = found.title));
                    if !is_left {
                        open.set(false);
                        on_given.run(());
                    }
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let missing = Signal::derive(move || {
        let is_missing = chosen.with(Option::is_none);
        is_missing.then(|| text!("record-owner-missing"))
    });
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy disabled_reason=missing on_press=give>{t!("record-change-owner")}</Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("record-change-owner")) size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <div class="stack g3">
                <OwnerLine record=record titles=titles/>
                <Field label=Signal::derive(t!("record-new-owner")) required=true>
                    <OwnerInput form=form chosen=chosen/>
                </Field>
                <p class="note muted">{t!("record-change-owner-text")}</p>
            </div>
        </Dialog>
    }
}

/// The control for one of the members, to whom records of the form are given.
#[component]
pub fn OwnerInput(form: Id, chosen: RwSignal<Option<Found>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let search = Callback::new(move |query: String| -> Searching {
        Box::pin(async move {
            let items = records::options(form, OWNER, &query).await?;
            let found = items.into_iter().map(|item| Found {
                id: item.id.to_string(),
                title: item.title,
                person: true,
                ..Found::default()
            });
            Ok(found.collect())
        })
    });
    let pick = move |found: Found| {
        open.set(false);
        chosen.set(Some(found));
    };
    let shown = move || match chosen.get() {
        Some(Found { title, .. }) => view! {
            <Avatar name=title.clone() size=AvatarSize::Small/>
            <span class="clip" title=title.clone()>{title.clone()}</span>
        }
        .into_any(),
        None => view! { <span class="placeholder">{t!("ui-choose")}</span> }.into_any(),
    };
    let picked = Signal::derive(move || chosen.get().into_iter().map(|found| found.id).collect::<Vec<_>>());
    view! {
        <button
            type="button"
            class="input"
            id=FieldContext::id()
            aria-haspopup="listbox"
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {shown}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group">
            <Picker search=search on_pick=pick placeholder=t!("ui-search") picked=picked/>
        </Popover>
    }
}
