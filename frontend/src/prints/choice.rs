//! Printing records: by which template, and then the printer of the browser.

use engine::print::Parts;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::PrintTemplate;

use super::paper::PrintOut;
use crate::api::{Problem, prints};
use crate::ui::{Banner, Button, ButtonKind, Choice, Dialog, DialogSize, Field, ProblemCode, Select, Tone};
use crate::{i18n, t, text};

/// The view of the page itself, which is no template: no key has such a sign.
const PLAIN: &str = "-";

/// The dialog that asks for the template. Without any it prints plainly at once, where that can be.
#[component]
pub fn PrintDialog(
    open: RwSignal<bool>,
    form: Id,
    /// What is printed, in its order.
    #[prop(into)]
    records: Signal<Vec<Id>>,
    /// Prints the record as the page shows it; nothing for several records.
    #[prop(optional, into)]
    plain: Option<Callback<()>>,
) -> impl IntoView {
    let templates = RwSignal::new(None::<Vec<PrintTemplate>>);
    let chosen = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let paper = RwSignal::new(None::<Parts>);
    let printed = window_event_listener_untyped("afterprint", move |_| paper.set(None));
    on_cleanup(move || printed.remove());
    let print_plainly = move || {
        asking.set(false);
        if let Some(plain) = plain {
            plain.run(());
        }
    };
    // The templates are asked for anew each time: somebody may have made one.
    Effect::new(move || {
        if !open.get() {
            return;
        }
        open.set(false);
        problem.set(None);
        spawn_local(async move {
            let answer = prints::all(&form.to_string()).await;
            if templates.is_disposed() {
                return;
            }
            match answer {
                Ok(all) if all.is_empty() && plain.is_some() => print_plainly(),
                Ok(all) => {
                    chosen.set(all.first().map(|first| first.key.clone()));
                    templates.set(Some(all));
                    asking.set(true);
                }
                Err(refused) => {
                    problem.set(Some(refused));
                    asking.set(true);
                }
            }
        });
    });
    let print = move |_| {
        let Some(key) = chosen.get_untracked() else { return };
        if key == PLAIN {
            return print_plainly();
        }
        busy.set(true);
        problem.set(None);
        let ids = records.get_untracked();
        spawn_local(async move {
            let answer = prints::document(form, &key, &ids).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(parts) => {
                    asking.set(false);
                    paper.set(Some(parts));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    let choices = Signal::derive(move || {
        let all = templates.get().unwrap_or_default();
        let choice = |one: PrintTemplate| Choice::new(one.key, one.label.get(i18n::language()));
        let plainly = plain.map(|_| Choice::new(PLAIN, text!("prints-plain")));
        all.into_iter().map(choice).chain(plainly).collect::<Vec<Choice>>()
    });
    let nothing = Signal::derive(move || chosen.with(Option::is_none).then(|| text!("prints-none")));
    let foot = move || {
        view! {
            <Button on_press=move |_| asking.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary icon="print" busy=busy disabled_reason=nothing on_press=print>{t!("record-print")}</Button>
        }
    };
    let title = move || match records.with(Vec::len) {
        0 | 1 => text!("record-print"),
        count => text!("prints-several", count = count),
    };
    let choose = move |key: Option<String>| chosen.set(key);
    view! {
        <Dialog open=asking title=Signal::derive(title) size=Signal::stored(DialogSize::Small) foot=Some(ViewFn::from(foot))>
            <div class="stack g3">
                {move || problem.get().map(|problem| view! { <Banner tone=Tone::Danger>{problem.sentence()}<ProblemCode problem=problem/></Banner> })}
                {move || if choices.with(Vec::is_empty) {
                    view! { <p class="muted">{t!("prints-none-text")}</p> }.into_any()
                } else {
                    view! {
                        <Field label=t!("prints-by")>
                            <Select choices=choices value=chosen on_change=choose/>
                        </Field>
                    }.into_any()
                }}
            </div>
        </Dialog>
        {move || paper.get().map(|parts| view! { <PrintOut parts=parts/> })}
    }
}
