//! What was entered and not saved, offered in one banner: from this browser, from another device, or from both with the choice.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use super::elsewhere::Elsewhere;
use crate::fill::FormState;
use crate::ui::{Banner, Button, ButtonKind, Tone, wait_for};
use crate::{i18n, t, text};

/// Which of what was kept is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Nothing,
    Here,
    Elsewhere,
    /// `newer_elsewhere`: the other device has gone on after this browser.
    Both {
        newer_elsewhere: bool,
    },
}

/// Offers what was kept, if anything was.
#[component]
pub fn KeptOffer(
    /// What this browser has kept.
    found: RwSignal<Option<Map<String, Json>>>,
    /// What another device has left, where that is looked for.
    elsewhere: Option<Elsewhere>,
    state: FormState,
    /// Throws away what this browser has kept.
    #[prop(into)]
    on_drop: Callback<()>,
) -> impl IntoView {
    // It stands above the form.
    if let Some(elsewhere) = elsewhere {
        wait_for(move || elsewhere.is_known());
    }
    let kept = Memo::new(move |_| {
        let there = elsewhere.filter(|elsewhere| elsewhere.is_there());
        match (found.with(Option::is_some), there) {
            (false, None) => Kept::Nothing,
            (true, None) => Kept::Here,
            (false, Some(_)) => Kept::Elsewhere,
            (true, Some(there)) => Kept::Both { newer_elsewhere: there.is_newer() },
        }
    });
    // One goes on with one of them: what the other says is given up.
    let go_on_here = move || {
        if let Some(fields) = found.get_untracked() {
            state.take_kept(&fields);
        }
        found.set(None);
        if let Some(elsewhere) = elsewhere {
            elsewhere.pass_by();
        }
    };
    let go_on_there = move || {
        if let Some(elsewhere) = elsewhere {
            elsewhere.restore();
        }
        found.set(None);
    };
    let drop_all = move || {
        let was = kept.get_untracked();
        if !matches!(was, Kept::Elsewhere) {
            on_drop.run(());
        }
        found.set(None);
        if let Some(elsewhere) = elsewhere.filter(|_| !matches!(was, Kept::Here)) {
            elsewhere.forget();
        }
    };
    let at = move || {
        let at = elsewhere.and_then(Elsewhere::kept_at).and_then(|at| parse_timestamp(&at));
        at.map(i18n::date_time).unwrap_or_default()
    };
    let words = move || match kept.get() {
        Kept::Nothing => String::new(),
        Kept::Here => t!("record-kept-draft")(),
        Kept::Elsewhere => text!("record-kept-elsewhere", at = at()),
        Kept::Both { newer_elsewhere: true } => text!("record-kept-both-newer", at = at()),
        Kept::Both { newer_elsewhere: false } => text!("record-kept-both", at = at()),
    };
    let ways = move || {
        let here = |kind: ButtonKind, words: Signal<String>| {
            view! { <Button kind=kind on_press=move |_| go_on_here()>{words}</Button> }
        };
        let there = |kind: ButtonKind, words: Signal<String>| {
            view! { <Button kind=kind on_press=move |_| go_on_there()>{words}</Button> }
        };
        let go_on = Signal::derive(t!("record-restore-draft"));
        let (from_here, from_there) =
            (Signal::derive(t!("record-restore-here")), Signal::derive(t!("record-restore-elsewhere")));
        match kept.get() {
            Kept::Nothing => ().into_any(),
            Kept::Here => here(ButtonKind::Plain, go_on).into_any(),
            Kept::Elsewhere => there(ButtonKind::Plain, go_on).into_any(),
            // The newest comes first.
            Kept::Both { newer_elsewhere: true } => {
                (there(ButtonKind::Plain, from_there), here(ButtonKind::Ghost, from_here)).into_any()
            }
            Kept::Both { newer_elsewhere: false } => {
                (here(ButtonKind::Plain, from_here), there(ButtonKind::Ghost, from_there)).into_any()
            }
        }
    };
    let drop_words = move || match kept.get() {
        Kept::Both { .. } => t!("record-drop-both")(),
        _one => t!("record-drop-draft")(),
    };
    let is_there = Memo::new(move |_| kept.get() != Kept::Nothing);
    move || {
        is_there.get().then(|| {
            view! {
                <Banner tone=Tone::Info>
                    <div class="kept">
                        <span>{words}</span>
                        <div class="row wrap">
                            {ways}
                            <Button kind=ButtonKind::Ghost on_press=move |_| drop_all()>{drop_words}</Button>
                        </div>
                    </div>
                </Banner>
            }
        })
    }
}
