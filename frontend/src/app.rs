//! The pages and their addresses. The address holds everything: a link pasted to a colleague shows the same.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::dashboard::DashboardPage;
use crate::designer::DesignPage;
use crate::entry::{NotFound, SetUpPage, SignInPage};
use crate::flow_designer::FlowPage;
use crate::gallery::GalleryPage;
use crate::grid::GridPage;
use crate::home::{AppPage, HomePage};
use crate::inbox::InboxPage;
use crate::records::{NewRecordPage, RecordPage};
use crate::report::ReportPage;
use crate::settings::{MembersPage, PreferencesPage, SettingsFrame};
use crate::shell::Shell;
use crate::templates::TemplatesPage;
use crate::ui::Toasts;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/setup") view=SetUpPage/>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/_/gallery") view=GalleryPage/>
                <ParentRoute path=path!("") view=Shell>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/templates") view=TemplatesPage/>
                    <Route path=path!("/inbox") view=InboxPage/>
                    <Route path=path!("/apps/:app") view=AppPage/>
                    <Route path=path!("/apps/:app/reports/:report") view=ReportPage/>
                    <Route path=path!("/apps/:app/dashboards/:dashboard") view=DashboardPage/>
                    <Route path=path!("/apps/:app/forms/:form") view=GridPage/>
                    <Route path=path!("/apps/:app/forms/:form/new") view=NewRecordPage/>
                    <Route path=path!("/apps/:app/forms/:form/design") view=DesignPage/>
                    <Route path=path!("/apps/:app/forms/:form/flow") view=FlowPage/>
                    <Route path=path!("/apps/:app/forms/:form/records/:record") view=RecordPage/>
                    <ParentRoute path=path!("/settings") view=SettingsFrame>
                        <Route path=path!("") view=PreferencesPage/>
                        <Route path=path!("members") view=MembersPage/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
        <Toasts/>
    }
}
