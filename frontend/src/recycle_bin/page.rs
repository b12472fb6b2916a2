//! The bin of the workspace, and for how long things lie in it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Retention;

use super::list::BinList;
use crate::api::{bin, session};
use crate::shell::ShellContext;
use crate::ui::{Button, ButtonKind, Field, Loaded, NumberInput, toast};
use crate::{t, text};

/// What lies in the bin that the reader may take back, and the time for who says how long it is.
#[component]
pub fn BinPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let restored = Callback::new(move |()| {
        shell.apps.refetch();
        shell.forms.refetch();
        shell.dashboards.refetch();
        shell.reports.refetch();
        shell.aggregates.refetch();
    });
    let may_say = Memo::new(|_| session::me().is_some_and(|me| me.member.administrator));
    view! {
        <section class="card">
            <div class="card-head"><h2>{t!("grid-bin")}</h2></div>
            <div class="card-body stack g4">
                <p class="soft-text">{t!("bin-text")}</p>
                <BinList app=None on_restored=restored/>
            </div>
        </section>
        {move || may_say.get().then(|| view! { <KeptFor/> })}
    }
}

/// For how many days things lie in the bin.
#[component]
fn KeptFor() -> impl IntoView {
    let found = LocalResource::new(bin::retention);
    let days = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let save = move |_| {
        let Some(Ok(wanted)) = days.get_untracked().map(|days| days.parse::<u32>()) else { return };
        busy.set(true);
        spawn_local(async move {
            match bin::set_retention(Retention { days: wanted }).await {
                Ok(_) => toast::show(text!("record-saved")),
                Err(problem) => toast::refused(&problem),
            }
            let _ = busy.try_set(false);
        });
    };
    let unready = Signal::derive(move || {
        let is_number = days.with(|days| days.as_ref().is_some_and(|days| days.parse::<u32>().is_ok()));
        (!is_number).then(|| text!("bin-days-missing"))
    });
    let form = move |retention: Retention| {
        let shown = Signal::derive(move || days.get().unwrap_or_else(|| retention.days.to_string()));
        view! {
            <Field label=t!("bin-days") help=Signal::derive(t!("bin-days-help"))>
                <NumberInput value=shown on_input=move |text| days.set(Some(text)) name="retention"/>
            </Field>
            <div class="row">
                <Button kind=ButtonKind::Primary busy=busy disabled_reason=unready on_press=save>{t!("record-save")}</Button>
            </div>
        }
    };
    view! {
        <section class="card">
            <div class="card-body stack g4"><Loaded answer=found view=form/></div>
        </section>
    }
}
