//! What the page says to who does not administer the form.

use leptos::prelude::*;

use crate::draft_editor::Part;
use crate::records::app_param;
use crate::shell::{ShellContext, Top};
use crate::t;
use crate::ui::{Crumb, Empty};

/// That others look after the permissions, and whom to ask.
#[component]
pub fn Closed() -> impl IntoView {
    let (shell, app) = (ShellContext::expect(), app_param());
    let crumbs =
        Signal::derive(move || vec![shell.app_crumb(&app.get()), Crumb::here(Part::Permissions.title())]);
    view! {
        <Top crumbs=crumbs/>
        <main class="page">
            <div class="page-in">
                <div class="card">
                    <Empty
                        icon="lock"
                        title=Signal::derive(t!("permissions-closed"))
                        text=Signal::derive(t!("permissions-closed-text"))
                        whole_page=true
                    />
                </div>
            </div>
        </main>
    }
}
