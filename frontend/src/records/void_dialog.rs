//! Voiding a record: it stays, what its scripts did is taken back, and whoever does it says why.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::Record;

use crate::api::records;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, Field, TextArea, toast};
use crate::{t, text};

/// Asks why, and voids the record. There is no way back, which it says.
#[component]
pub fn VoidDialog(
    form: Id,
    record: Id,
    open: RwSignal<bool>,
    /// Whether its approval goes on, which ends with it.
    #[prop(into)]
    runs: Signal<bool>,
    /// Hears of the record as it is then.
    #[prop(into)]
    on_voided: Callback<Record>,
) -> impl IntoView {
    let (reason, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let confirm = move |_| {
        busy.set(true);
        let reason = reason.get_untracked();
        spawn_local(async move {
            let answer = records::void(form, record, reason).await;
            // The page may be left by now.
            let is_left = busy.try_set(false).is_some();
            match answer {
                Ok(record) => {
                    toast::show(text!("record-voided-now"));
                    if !is_left {
                        open.set(false);
                        on_voided.run(record);
                    }
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let missing = Signal::derive(move || {
        let is_blank = reason.with(|reason| reason.trim().is_empty());
        is_blank.then(|| text!("record-void-reason-missing"))
    });
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Danger busy=busy disabled_reason=missing on_press=confirm>{t!("record-void")}</Button>
        }
    };
    let write = move |text: String| reason.set(text);
    view! {
        <Dialog open=open title=Signal::derive(t!("record-void-question")) size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <div class="stack g3">
                <p>{t!("record-void-text")}</p>
                {move || runs.get().then(|| view! { <p>{t!("record-void-running")}</p> })}
                <Field label=Signal::derive(t!("record-void-reason")) required=true>
                    <TextArea value=reason on_input=write rows=2 name="void-reason"/>
                </Field>
            </div>
        </Dialog>
    }
}
