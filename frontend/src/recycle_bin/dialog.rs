//! The bin of one app: its forms, dashboards, reports, aggregate tables and flows.

use engine::value::Id;
use leptos::prelude::*;

use super::list::BinList;
use crate::t;
use crate::ui::Dialog;

/// What of an app was deleted.
#[component]
pub fn AppBinDialog(
    open: RwSignal<bool>,
    app: Id,
    /// Something came back.
    #[prop(into)]
    on_restored: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(t!("grid-bin"))>
            <BinList app=Some(app) on_restored=on_restored/>
        </Dialog>
    }
}
