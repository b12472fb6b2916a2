//! The pages and their addresses. The address holds everything: a link pasted to a colleague shows the same.
//!
//! A page that is a [`Part`] is fetched when it is opened.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::entry::{InvitationPage, NotFound, SetUpPage, SignInPage};
use crate::home::{AppPage, HomePage};
use crate::parts::{self, Part};
use crate::settings::SettingsFrame;
use crate::shell::Shell;
use crate::ui::{Toasts, Tooltips};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/setup") view=SetUpPage/>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/invitation") view=InvitationPage/>
                <Route path=path!("/forgotten-password") view=|| view! { <Part load=parts::forgotten_password/> }/>
                <Route path=path!("/new-password") view=|| view! { <Part load=parts::new_password/> }/>
                <Route path=path!("/second-step") view=|| view! { <Part load=parts::second_step/> }/>
                <Route path=path!("/f/:token") view=|| view! { <Part load=parts::public_form/> }/>
                <Route path=path!("/_/gallery") view=|| view! { <Part load=parts::gallery/> }/>
                <ParentRoute path=path!("") view=Shell>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/templates") view=|| view! { <Part load=parts::templates/> }/>
                    <Route path=path!("/inbox") view=|| view! { <Part load=parts::inbox/> }/>
                    <Route path=path!("/jobs") view=|| view! { <Part load=parts::jobs/> }/>
                    <Route path=path!("/notices") view=|| view! { <Part load=parts::notices/> }/>
                    <Route path=path!("/apps/:app") view=AppPage/>
                    <Route path=path!("/apps/:app/settings") view=|| view! { <Part load=parts::app_settings/> }/>
                    <Route path=path!("/apps/:app/reports/:report") view=|| view! { <Part load=parts::report/> }/>
                    <Route path=path!("/apps/:app/dashboards/:dashboard") view=|| view! { <Part load=parts::dashboard/> }/>
                    <Route path=path!("/apps/:app/aggregates") view=|| view! { <Part load=parts::aggregates/> }/>
                    <Route path=path!("/apps/:app/aggregates/new") view=|| view! { <Part load=parts::aggregate_design/> }/>
                    <Route path=path!("/apps/:app/aggregates/:aggregate") view=|| view! { <Part load=parts::aggregate/> }/>
                    <Route path=path!("/apps/:app/aggregates/:aggregate/design") view=|| view! { <Part load=parts::aggregate_design/> }/>
                    <Route path=path!("/apps/:app/scripts") view=|| view! { <Part load=parts::scripts/> }/>
                    <Route path=path!("/apps/:app/scripts/new") view=|| view! { <Part load=parts::script/> }/>
                    <Route path=path!("/apps/:app/scripts/edit/:script") view=|| view! { <Part load=parts::script/> }/>
                    <Route path=path!("/apps/:app/forms/:form") view=|| view! { <Part load=parts::grid/> }/>
                    <Route path=path!("/apps/:app/forms/:form/new") view=|| view! { <Part load=parts::new_record/> }/>
                    <Route path=path!("/apps/:app/forms/:form/design") view=|| view! { <Part load=parts::form_designer/> }/>
                    <Route path=path!("/apps/:app/forms/:form/flow") view=|| view! { <Part load=parts::flow_designer/> }/>
                    <Route path=path!("/apps/:app/forms/:form/flow/figures") view=|| view! { <Part load=parts::flow_figures/> }/>
                    <Route path=path!("/apps/:app/forms/:form/permissions") view=|| view! { <Part load=parts::permissions/> }/>
                    <Route path=path!("/apps/:app/forms/:form/prints") view=|| view! { <Part load=parts::prints/> }/>
                    <Route path=path!("/apps/:app/forms/:form/prints/:template") view=|| view! { <Part load=parts::print_designer/> }/>
                    <Route path=path!("/apps/:app/forms/:form/links") view=|| view! { <Part load=parts::links/> }/>
                    <Route path=path!("/apps/:app/forms/:form/records/:record") view=|| view! { <Part load=parts::record/> }/>
                    <ParentRoute path=path!("/settings") view=SettingsFrame>
                        <Route path=path!("") view=|| view! { <Part load=parts::preferences/> }/>
                        <Route path=path!("security") view=|| view! { <Part load=parts::security/> }/>
                        <Route path=path!("notices") view=|| view! { <Part load=parts::notice_settings/> }/>
                        <Route path=path!("delegations") view=|| view! { <Part load=parts::delegations/> }/>
                        <Route path=path!("members") view=|| view! { <Part load=parts::members/> }/>
                        <Route path=path!("audit") view=|| view! { <Part load=parts::audit/> }/>
                        <Route path=path!("roles") view=|| view! { <Part load=parts::roles/> }/>
                        <Route path=path!("workspace") view=|| view! { <Part load=parts::workspace/> }/>
                        <Route path=path!("bin") view=|| view! { <Part load=parts::recycle_bin/> }/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
        <Toasts/>
        <Tooltips/>
    }
}
