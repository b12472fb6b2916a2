//! What is done about a form as a whole, beside its permission groups.

use leptos::prelude::*;

use crate::records::app_param;
use crate::shell::ShellContext;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize};

/// Which dialog of these is open.
#[derive(Clone, Copy)]
pub struct More {
    /// Whether it is asked why somebody may do something.
    pub explaining: RwSignal<bool>,
    /// Whether administrators are named.
    pub naming: RwSignal<bool>,
}

/// The buttons that open it.
#[component]
pub fn MoreTools(more: More) -> impl IntoView {
    let (shell, app) = (ShellContext::expect(), app_param());
    // Administrators of the form alone make nobody else one.
    let may_name = move || shell.app(&app.get()).is_some_and(|app| app.administrator);
    view! {
        <div class="perm-more">
            <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="help" on_press=move |_| more.explaining.set(true)>
                {t!("record-explain")}
            </Button>
            {move || may_name().then(|| view! {
                <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="shield" on_press=move |_| more.naming.set(true)>
                    {t!("permissions-admins")}
                </Button>
            })}
        </div>
    }
}
