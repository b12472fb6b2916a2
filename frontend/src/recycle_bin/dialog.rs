//! The bin of one app's forms.

use engine::value::Id;
use leptos::prelude::*;

use super::list::BinList;
use crate::t;
use crate::ui::Dialog;

/// The forms of an app that were deleted.
#[component]
pub fn AppBinDialog(
    open: RwSignal<bool>,
    app: Id,
    /// A form came back.
    #[prop(into)]
    on_restored: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(t!("grid-bin"))>
            <BinList app=Some(app) on_restored=on_restored/>
        </Dialog>
    }
}
