//! The page of all routes: method, path, who may come in, and the module of the endpoint. A line here is the
//! only way to reach a handler; there is no route without a policy.

use std::any::type_name;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::doc::Doc;
use super::extract::Query;
use super::{
    aggregates, apps, audit, auth, bin, calls, comments, dashboards, delegations, departments, docs, entries,
    events, exports, favourites, files, first_steps, flows, forms, health, hooks, imports, instances, jobs,
    links, members, notices, openapi, permissions, phrases, prints, public, put_away, records, regions,
    reports, role_groups, roles, schemas, scripts, search, secrets, see_as, setup, sounds, tasks, templates,
    tokens, views, workspace,
};
use crate::service::Installation;

/// Who may come as far as the handler. What they may do with a thing is decided where the thing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Anybody.
    Open,
    /// Anybody who has a public link, or the address of a hook: what it opens is found where that is known.
    Public,
    /// Whoever is signed in, also while they have still to set up the second step that is asked of them.
    Entering,
    /// Whoever is signed in, with any token too.
    SignedIn,
    /// Whoever is really signed in, also while they look as somebody else, or have still to set up a second step.
    Oneself,
    /// Members; a token needs the scope of the same name.
    Read,
    Write,
    Design,
    /// Administrators of the workspace, with the scope of the same name.
    Administer,
}

impl Policy {
    /// Whether nobody need be signed in.
    pub fn is_for_strangers(self) -> bool {
        matches!(self, Policy::Open | Policy::Public)
    }
}

/// What may be asked only so often in a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// By a member: what reads or writes very much, begins a job, or leaves something for good.
    Costly,
    /// From an address: what anybody may try, and what costs more than a look.
    Knock,
    /// From an address: the pages of public links.
    Visit,
    /// From an address: what these offer to choose from.
    Lookup,
    /// From an address: what other systems send to hooks.
    Message,
}

/// The largest body of an ordinary request.
const MIB: usize = 1 << 20;
/// The largest file that may be sent, with what is around it; what it is sent for says more.
pub const UPLOAD: usize = (2 << 30) + (8 << 20);
/// Where files are sent.
pub const UPLOADS: &str = "/api/v1/files";
/// Where visitors of public links send them.
pub const VISITORS_UPLOADS: &str = "/api/v1/public/{token}/files";
/// The largest of those, with what is around it.
const VISITORS_UPLOAD: usize = (20 << 20) + (1 << 20);

/// Whether files are sent to a path.
pub fn is_upload(path: &str) -> bool {
    let of_a_link = path.strip_prefix("/api/v1/public/").and_then(|rest| rest.strip_suffix("/files"));
    path == UPLOADS || of_a_link.is_some_and(|token| !token.contains('/'))
}

/// Questions that are too long for an address.
const READING: [&str; 10] = [
    "/api/v1/forms/{form}/evaluate",
    "/api/v1/forms/{form}/flow/ahead",
    "/api/v1/forms/{form}/records/query",
    "/api/v1/forms/{form}/aggregate",
    "/api/v1/aggregates/{id}/records",
    "/api/v1/reports/{key}/run",
    "/api/v1/reports/{key}/records",
    "/api/v1/dashboards/{id}/tiles/{key}/data",
    "/api/v1/dashboards/{id}/tiles/{key}/records",
    "/api/v1/sounds",
];

/// What may read very many records for one answer: a member has a few of these answered at a time.
const HEAVY: [&str; 11] = [
    "/api/v1/search",
    "/api/v1/forms/{form}/aggregate",
    "/api/v1/aggregates/{id}/as-of",
    "/api/v1/aggregates/{id}/records",
    "/api/v1/reports/{key}/run",
    "/api/v1/reports/{key}/records",
    "/api/v1/reports/{key}/export",
    "/api/v1/dashboards/{id}/filters/{key}/options",
    "/api/v1/dashboards/{id}/tiles/{key}/data",
    "/api/v1/dashboards/{id}/tiles/{key}/records",
    "/api/v1/templates/{key}/demo",
];

/// What goes on with little room on the disk though it is no mere question: it makes room, stops something, tries something
/// out, or is next to nothing.
const WITH_LITTLE_ROOM: [&str; 25] = [
    "/api/v1/public/{token}/open",
    "/api/v1/see-as",
    "/api/v1/bin/purge",
    "/api/v1/retention",
    "/api/v1/notices/read",
    "/api/v1/jobs/{id}/cancel",
    "/api/v1/apps/{app}/purge",
    "/api/v1/forms/{form}/purge",
    "/api/v1/forms/{form}/fields/{field}/purge",
    "/api/v1/forms/{form}/records/purge",
    "/api/v1/forms/{form}/publish/preview",
    "/api/v1/forms/{form}/import/preview",
    "/api/v1/members/import/preview",
    "/api/v1/forms/{form}/permissions/preview",
    "/api/v1/forms/{form}/permissions/dry-run",
    "/api/v1/roles/{id}/dry-run",
    "/api/v1/members/{id}/dry-run",
    "/api/v1/forms/{form}/flow/simulate",
    "/api/v1/forms/{form}/flow/coverage",
    "/api/v1/forms/{form}/flow/try-condition",
    "/api/v1/apps/{app}/try-script",
    "/api/v1/apps/{app}/scripts/{key}/test",
    "/api/v1/apps/{app}/aggregates/verify",
    "/api/v1/aggregates/{id}/verify",
    "/api/v1/aggregates/{id}/as-of",
];

pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub policy: Policy,
    pub rate: Option<Rate>,
    pub body_limit: usize,
    /// Whether the body is taken in piece by piece, however large it is.
    pub streams: bool,
    pub doc: fn(Doc) -> Doc,
    /// The types that the handler takes out of a request, as the compiler calls them: the description is made of them.
    pub extractors: &'static str,
    pub handler: MethodRouter<Installation>,
}

impl Route {
    fn new<H, T>(
        method: Method,
        path: &'static str,
        policy: Policy,
        rate: Option<Rate>,
        body_limit: usize,
        doc: fn(Doc) -> Doc,
        handler: H,
    ) -> Route
    where
        H: Handler<T, Installation>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        let streams = method == Method::POST && [UPLOADS, VISITORS_UPLOADS].contains(&path);
        let extractors = type_name::<T>();
        Route {
            method,
            path,
            policy,
            rate,
            body_limit,
            streams,
            doc,
            extractors,
            handler: on(filter, handler),
        }
    }

    /// Whether the handler takes this out of a request.
    pub fn reads<E>(&self) -> bool {
        self.extractors.split([' ', ',', '(', ')']).any(|name| name == type_name::<E>())
    }

    /// Whether nothing may stand after its `?`: it is of the API, and reads no parameters. What other systems send to a hook
    /// brings along what they put there.
    pub fn refuses_parameters(&self) -> bool {
        let begin = type_name::<Query<()>>().trim_end_matches("()>");
        let reads_some = self.extractors.split([' ', ',', '(', ')']).any(|name| name.starts_with(begin));
        !reads_some && self.rate != Some(Rate::Message) && self.path.starts_with("/api/v1/")
    }

    /// Whether nothing is changed by it: whoever looks as somebody else comes in here alone.
    pub fn only_reads(&self) -> bool {
        self.method == Method::GET || READING.contains(&self.path)
    }

    /// Whether a member waits for a turn with it.
    pub fn is_heavy(&self) -> bool {
        HEAVY.contains(&self.path)
    }

    /// Whether it puts more on the disk, and so has to wait while there is little room. Signing in and out goes on, and so does
    /// what removes something.
    pub fn needs_room(&self) -> bool {
        let is_work =
            !matches!(self.policy, Policy::Open | Policy::Entering | Policy::SignedIn | Policy::Oneself);
        let adds = !self.only_reads() && self.method != Method::DELETE;
        is_work && adds && !WITH_LITTLE_ROOM.contains(&self.path)
    }
}

/// Every route.
pub fn routes() -> Vec<Route> {
    macro_rules! routes {
        ($($method:ident $path:literal $policy:ident $($module:ident)::+ $(rate $rate:ident)? $(max $limit:expr)?;)*) => {
            vec![$({
                let limit = [$($limit,)? MIB][0];
                let rate = [$(Some(Rate::$rate),)? None][0];
                let (doc, handler) = ($($module)::+::doc, $($module)::+::handler);
                Route::new(Method::$method, $path, Policy::$policy, rate, limit, doc, handler)
            },)*]
        };
    }
    routes! {
        GET    "/live"                      Open health::live;
        GET    "/ready"                     Open health::ready;
        GET    "/api/docs"                  Open docs::page;
        GET    "/api/docs/style.css"        Open docs::style;
        GET    "/api/v1/openapi.json"       Open openapi;
        GET    "/api/v1/schemas/{document}" Open schemas::read;

        GET    "/api/v1/setup"              Open setup::read;
        POST   "/api/v1/setup"              Open setup::create rate Knock;
        POST   "/api/v1/auth/login"         Open auth::login;
        GET    "/api/v1/auth/ways"          Open auth::ways;
        GET    "/api/v1/auth/provider/start" Open auth::provider_start rate Knock;
        GET    "/api/v1/auth/provider/callback" Open auth::provider_callback rate Knock;
        POST   "/api/v1/auth/reset"         Open auth::reset rate Knock;
        POST   "/api/v1/auth/reset/redeem"  Open auth::reset_redeem rate Knock;
        POST   "/api/v1/auth/invitation"    Open auth::invitation rate Knock;
        POST   "/api/v1/auth/invitation/accept" Open auth::accept_invitation rate Knock;
        POST   "/api/v1/auth/logout"        Oneself auth::logout;
        POST   "/api/v1/auth/confirm"       Entering auth::confirm;
        GET    "/api/v1/auth/second-factor" Entering auth::second_factor;
        POST   "/api/v1/auth/second-factor" Entering auth::second_factor_offer;
        DELETE "/api/v1/auth/second-factor" SignedIn auth::second_factor_remove;
        POST   "/api/v1/auth/second-factor/enable" Entering auth::second_factor_enable;
        POST   "/api/v1/auth/second-factor/recovery-codes" SignedIn auth::recovery_codes;
        GET    "/api/v1/auth/sessions"      SignedIn auth::sessions;
        DELETE "/api/v1/auth/sessions"      SignedIn auth::sessions_end;
        DELETE "/api/v1/auth/sessions/{id}" SignedIn auth::session_end;
        GET    "/api/v1/auth/policy"        SignedIn auth::policy_read;
        PUT    "/api/v1/auth/policy"        Administer auth::policy_replace;
        POST   "/api/v1/see-as"             Administer see_as::begin;
        DELETE "/api/v1/see-as"             Oneself see_as::end;
        GET    "/api/v1/me"                 Entering auth::me;
        PATCH  "/api/v1/me"                 Write auth::change_me;
        PUT    "/api/v1/me/app-order"       Write apps::order_replace;
        GET    "/api/v1/me/first-steps"     Read first_steps;
        GET    "/api/v1/me/put-away"        Read put_away::read;
        PUT    "/api/v1/me/put-away"        Write put_away::replace;

        GET    "/api/v1/members"            Read members::list;
        POST   "/api/v1/members"            Administer members::create;
        PATCH  "/api/v1/members/{id}"       Administer members::update;
        DELETE "/api/v1/members/{id}"       Administer members::disable;
        POST   "/api/v1/members/import"     Administer members::import rate Costly;
        POST   "/api/v1/members/import/preview" Administer members::import_preview rate Costly;
        POST   "/api/v1/members/{id}/invitation" Administer members::invite;
        DELETE "/api/v1/members/{id}/invitation" Administer members::uninvite;
        POST   "/api/v1/members/{id}/invitation/letter" Administer members::invite_by_letter;
        POST   "/api/v1/members/{id}/password-link" Administer members::password_link;
        GET    "/api/v1/members/{id}/holdings" Administer members::holdings;
        POST   "/api/v1/members/{id}/hand-over" Administer members::hand_over;
        POST   "/api/v1/members/{id}/dry-run" Administer members::dry_run rate Costly;
        DELETE "/api/v1/members/{id}/sessions" Administer members::sessions_end;
        DELETE "/api/v1/members/{id}/second-factor" Administer members::second_factor_remove;
        GET    "/api/v1/delegations"        Read delegations::list;
        POST   "/api/v1/delegations"        Write delegations::create;
        DELETE "/api/v1/delegations/{id}"   Write delegations::delete;
        GET    "/api/v1/departments"        Read departments::list;
        POST   "/api/v1/departments"        Administer departments::create;
        PATCH  "/api/v1/departments/{id}"   Administer departments::update;
        DELETE "/api/v1/departments/{id}"   Administer departments::delete;
        GET    "/api/v1/roles"              Read roles::list;
        POST   "/api/v1/roles"              Administer roles::create;
        PATCH  "/api/v1/roles/{id}"         Administer roles::update;
        DELETE "/api/v1/roles/{id}"         Administer roles::delete;
        GET    "/api/v1/roles/{id}/uses"    Administer roles::uses;
        POST   "/api/v1/roles/{id}/dry-run" Administer roles::dry_run rate Costly;
        GET    "/api/v1/role-groups"        Read role_groups::list;
        POST   "/api/v1/role-groups"        Administer role_groups::create;
        PATCH  "/api/v1/role-groups/{id}"   Administer role_groups::update;
        DELETE "/api/v1/role-groups/{id}"   Administer role_groups::delete;
        GET    "/api/v1/workspace"          Read workspace::read;
        PATCH  "/api/v1/workspace"          Administer workspace::update;
        GET    "/api/v1/workspace/files"    Administer workspace::files;
        GET    "/api/v1/tokens"             SignedIn tokens::list;
        POST   "/api/v1/tokens"             SignedIn tokens::create;
        DELETE "/api/v1/tokens/{id}"        SignedIn tokens::delete;

        GET    "/api/v1/audit"              Administer audit::list;
        POST   "/api/v1/audit/export"       Administer audit::export rate Costly;

        GET    "/api/v1/apps"               Read apps::list;
        POST   "/api/v1/apps"               Design apps::create;
        POST   "/api/v1/apps/import"        Administer apps::import rate Costly;
        GET    "/api/v1/apps/{app}"         Read apps::read;
        PATCH  "/api/v1/apps/{app}"         Design apps::update;
        DELETE "/api/v1/apps/{app}"         Design apps::delete;
        POST   "/api/v1/apps/{app}/restore" Design apps::restore;
        POST   "/api/v1/apps/{app}/purge"   Design apps::purge;
        GET    "/api/v1/apps/{app}/next-steps" Administer apps::next_steps;
        GET    "/api/v1/apps/{app}/tree"    Read apps::tree_read;
        PUT    "/api/v1/apps/{app}/tree"    Design apps::tree_replace;
        GET    "/api/v1/favourites"         Read favourites::list;
        POST   "/api/v1/favourites"         Write favourites::create;
        DELETE "/api/v1/favourites/{id}"    Write favourites::delete;
        GET    "/api/v1/bin"                Read bin::list;
        POST   "/api/v1/bin/restore"        Design bin::restore;
        POST   "/api/v1/bin/purge"          Design bin::purge;
        GET    "/api/v1/retention"          Read bin::retention_read;
        PUT    "/api/v1/retention"          Administer bin::retention_replace;
        PUT    "/api/v1/workspace/zone"     Administer workspace::zone_replace rate Costly;

        GET    "/api/v1/apps/{app}/secrets" Design secrets::list;
        POST   "/api/v1/apps/{app}/secrets" Design secrets::create;
        DELETE "/api/v1/secrets/{id}"       Design secrets::delete;
        GET    "/api/v1/apps/{app}/calls"   Design calls::list;
        POST   "/api/v1/calls/{id}/retry"   Design calls::retry;
        GET    "/api/v1/apps/{app}/forms"   Read forms::list;
        POST   "/api/v1/apps/{app}/forms"   Design forms::create;
        POST   "/api/v1/apps/{app}/forms/propose" Design imports::propose rate Costly;
        GET    "/api/v1/forms/{form}"       Read forms::read;
        GET    "/api/v1/forms/{form}/draft" Design forms::draft_read;
        PUT    "/api/v1/forms/{form}/draft" Design forms::draft_replace;
        POST   "/api/v1/forms/{form}/draft/edits" Design forms::draft_edit;
        DELETE "/api/v1/forms/{form}"       Design forms::delete;
        POST   "/api/v1/forms/{form}/restore" Design forms::restore;
        POST   "/api/v1/forms/{form}/purge" Design forms::purge;
        POST   "/api/v1/forms/{form}/publish" Design forms::publish;
        POST   "/api/v1/forms/{form}/publish/preview" Design forms::publish_preview;
        GET    "/api/v1/forms/{form}/removed" Design forms::removed;
        GET    "/api/v1/forms/{form}/fields/{field}/dependents" Design forms::dependents;
        POST   "/api/v1/forms/{form}/fields/{field}/restore" Design forms::field_restore;
        POST   "/api/v1/forms/{form}/fields/{field}/purge" Design forms::field_purge;
        GET    "/api/v1/forms/{form}/versions" Design forms::versions;
        GET    "/api/v1/forms/{form}/versions/{version}" Design forms::version_read;
        GET    "/api/v1/forms/{form}/permissions" Design permissions::list;
        POST   "/api/v1/forms/{form}/permissions" Design permissions::create;
        PUT    "/api/v1/forms/{form}/permissions/{id}" Design permissions::replace;
        DELETE "/api/v1/forms/{form}/permissions/{id}" Design permissions::delete;
        GET    "/api/v1/forms/{form}/permissions/predefined" Design permissions::predefined;
        POST   "/api/v1/forms/{form}/permissions/preview" Design permissions::preview rate Costly;
        POST   "/api/v1/forms/{form}/permissions/dry-run" Design permissions::dry_run rate Costly;
        GET    "/api/v1/forms/{form}/admins" Design forms::admins_read;
        PUT    "/api/v1/forms/{form}/admins" Design forms::admins_replace;
        POST   "/api/v1/forms/{form}/evaluate" Read forms::evaluate;
        GET    "/api/v1/forms/{form}/schema" Read forms::schema;
        GET    "/api/v1/forms/{form}/linking" Read forms::linking;

        GET    "/api/v1/forms/{form}/flow/draft" Design flows::draft_read;
        PUT    "/api/v1/forms/{form}/flow/draft" Design flows::draft_replace max 4 * MIB;
        DELETE "/api/v1/forms/{form}/flow/draft" Design flows::draft_delete;
        GET    "/api/v1/forms/{form}/flow/ready-made" Design flows::ready_made_list;
        POST   "/api/v1/forms/{form}/flow/ready-made" Design flows::ready_made_take;
        POST   "/api/v1/forms/{form}/flow/publish" Design flows::publish;
        POST   "/api/v1/forms/{form}/flow/ahead" Read flows::ahead;
        POST   "/api/v1/forms/{form}/flow/simulate" Design flows::simulate rate Costly;
        GET    "/api/v1/forms/{form}/flow/figures" Read flows::figures;
        GET    "/api/v1/forms/{form}/flow/figures/requests" Read flows::figure_requests;
        POST   "/api/v1/forms/{form}/flow/migrate" Design flows::migrate rate Costly;
        POST   "/api/v1/forms/{form}/flow/coverage" Design flows::coverage rate Costly;
        POST   "/api/v1/forms/{form}/flow/try-condition" Design flows::try_condition;
        GET    "/api/v1/forms/{form}/flow/versions" Design flows::versions;
        GET    "/api/v1/forms/{form}/flow/versions/{version}" Design flows::version_read;
        DELETE "/api/v1/forms/{form}/flow/versions/{version}" Design flows::version_delete;
        GET    "/api/v1/forms/{form}/flow/versions/{version}/dependents" Design flows::version_dependents;
        GET    "/api/v1/tasks"              Read tasks::list;
        GET    "/api/v1/tasks/counts"       Read tasks::counts;
        GET    "/api/v1/tasks/startable"    Read tasks::startable;
        POST   "/api/v1/tasks/decide"       Write tasks::decide;
        GET    "/api/v1/tasks/{task}"       Read tasks::read;
        POST   "/api/v1/tasks/{task}/{action}" Write tasks::act;
        GET    "/api/v1/instances/{instance}" Read instances::read;
        POST   "/api/v1/instances/{instance}/{action}" Write instances::act;
        GET    "/api/v1/notices"            Read notices::list;
        GET    "/api/v1/notices/count"      Read notices::count;
        POST   "/api/v1/notices/read"       Write notices::read;
        GET    "/api/v1/notices/settings"   Read notices::settings_read;
        PUT    "/api/v1/notices/settings"   Write notices::settings_replace;
        GET    "/api/v1/phrases"            Read phrases::list;
        POST   "/api/v1/phrases"            Write phrases::create;
        DELETE "/api/v1/phrases/{id}"       Write phrases::delete;
        GET    "/api/v1/events"             SignedIn events;

        POST   "/api/v1/forms/{form}/records" Write records::create;
        GET    "/api/v1/forms/{form}/records" Read records::list;
        POST   "/api/v1/forms/{form}/records/query" Read records::query;
        POST   "/api/v1/forms/{form}/records/bulk" Write records::bulk max 32 * MIB;
        POST   "/api/v1/forms/{form}/bulk-edit" Write records::bulk_edit rate Costly;
        POST   "/api/v1/forms/{form}/records/purge" Write records::purge;
        POST   "/api/v1/forms/{form}/records/restore" Write records::restore_many;
        GET    "/api/v1/forms/{form}/records/{id}" Read records::read;
        PATCH  "/api/v1/forms/{form}/records/{id}" Write records::update;
        DELETE "/api/v1/forms/{form}/records/{id}" Write records::delete;
        POST   "/api/v1/forms/{form}/records/{id}/restore" Write records::restore;
        POST   "/api/v1/forms/{form}/records/{id}/submit" Write records::submit;
        POST   "/api/v1/forms/{form}/records/{id}/void" Write records::void;
        GET    "/api/v1/forms/{form}/records/{id}/history" Read records::history;
        GET    "/api/v1/forms/{form}/records/{id}/comments" Read records::comments;
        POST   "/api/v1/forms/{form}/records/{id}/comments" Write records::comment;
        PATCH  "/api/v1/comments/{id}"      Write comments::update;
        DELETE "/api/v1/comments/{id}"      Write comments::delete;
        GET    "/api/v1/forms/{form}/records/{id}/explain" Design permissions::explain;
        GET    "/api/v1/forms/{form}/records/{id}/fields/{field}" Read records::field;
        POST   "/api/v1/forms/{form}/import/preview" Read imports::preview rate Costly;
        POST   "/api/v1/forms/{form}/import" Write imports::start rate Costly;
        POST   "/api/v1/forms/{form}/export" Read exports::start rate Costly;
        POST   "/api/v1/forms/{form}/aggregate" Read records::aggregate;
        GET    "/api/v1/forms/{form}/fields/{field}/options" Read records::options;

        GET    "/api/v1/forms/{form}/entries/{id}" Read entries::read;
        PUT    "/api/v1/forms/{form}/entries/{id}" Write entries::keep max MIB / 4;
        DELETE "/api/v1/forms/{form}/entries/{id}" Write entries::forget;

        GET    "/api/v1/forms/{form}/links" Design links::list;
        POST   "/api/v1/forms/{form}/links" Design links::create rate Costly;
        PATCH  "/api/v1/links/{id}"         Design links::update;
        DELETE "/api/v1/links/{id}"         Design links::revoke;
        POST   "/api/v1/links/{id}/renew"   Design links::renew;
        GET    "/api/v1/public/{token}"     Public public::read rate Visit;
        POST   "/api/v1/public/{token}/open" Public public::open rate Visit max MIB / 4;
        GET    "/api/v1/public/{token}/fields/{field}/options" Public public::options rate Lookup;
        GET    "/api/v1/public/{token}/regions/{package}/{key}" Public public::regions rate Visit;
        POST   "/api/v1/public/{token}/files" Public public::upload rate Knock max VISITORS_UPLOAD;
        POST   "/api/v1/public/{token}/answers" Public public::answer rate Knock max MIB / 4;

        GET    "/api/v1/forms/{form}/hooks" Design hooks::list;
        POST   "/api/v1/forms/{form}/hooks" Design hooks::create rate Costly;
        PATCH  "/api/v1/forms/{form}/hooks/{id}" Design hooks::update;
        DELETE "/api/v1/forms/{form}/hooks/{id}" Design hooks::delete;
        POST   "/api/v1/forms/{form}/hooks/{id}/secret" Design hooks::renew_secret;
        DELETE "/api/v1/forms/{form}/hooks/{id}/secret" Design hooks::end_former_secret;
        GET    "/api/v1/forms/{form}/hooks/{id}/deliveries" Design hooks::deliveries;
        POST   "/api/v1/hooks/{token}"      Public hooks::receive rate Message max MIB / 4;

        GET    "/api/v1/forms/{form}/views" Read views::list;
        POST   "/api/v1/forms/{form}/views" Write views::create;
        PATCH  "/api/v1/views/{id}"         Write views::update;
        DELETE "/api/v1/views/{id}"         Write views::delete;
        GET    "/api/v1/forms/{form}/prints" Read prints::list;
        POST   "/api/v1/forms/{form}/prints" Design prints::create;
        GET    "/api/v1/forms/{form}/prints/{template}" Read prints::print rate Costly;
        PUT    "/api/v1/prints/{id}"        Design prints::replace;
        DELETE "/api/v1/prints/{id}"        Design prints::delete;

        POST   "/api/v1/files"              Write files::create max UPLOAD;
        GET    "/api/v1/files/{id}"         Read files::read;

        GET    "/api/v1/apps/{app}/aggregates" Read aggregates::list;
        POST   "/api/v1/apps/{app}/aggregates" Design aggregates::create;
        POST   "/api/v1/apps/{app}/aggregates/verify" Design aggregates::verify_app rate Costly;
        GET    "/api/v1/aggregates/{id}"    Read aggregates::read;
        PUT    "/api/v1/aggregates/{id}"    Design aggregates::replace;
        DELETE "/api/v1/aggregates/{id}"    Design aggregates::delete;
        GET    "/api/v1/aggregates/{id}/dependents" Design aggregates::dependents;
        GET    "/api/v1/aggregates/{id}/rows" Read aggregates::rows;
        POST   "/api/v1/aggregates/{id}/as-of" Read aggregates::as_of rate Costly;
        POST   "/api/v1/aggregates/{id}/records" Read aggregates::records;
        POST   "/api/v1/aggregates/{id}/verify" Design aggregates::verify rate Costly;

        GET    "/api/v1/apps/{app}/scripts" Design scripts::list;
        POST   "/api/v1/apps/{app}/scripts" Design scripts::create;
        POST   "/api/v1/apps/{app}/try-script" Design scripts::try_out rate Costly;
        POST   "/api/v1/apps/{app}/scripts/{key}/test" Design scripts::test rate Costly;
        PUT    "/api/v1/apps/{app}/scripts/{key}" Design scripts::replace;
        DELETE "/api/v1/apps/{app}/scripts/{key}" Design scripts::delete;

        GET    "/api/v1/apps/{app}/reports" Read reports::list;
        DELETE "/api/v1/reports/{key}"      Design reports::delete;
        GET    "/api/v1/reports/{key}/dependents" Design reports::dependents;
        POST   "/api/v1/reports/{key}/run"  Read reports::run;
        POST   "/api/v1/reports/{key}/records" Read reports::records;
        POST   "/api/v1/reports/{key}/export" Read reports::export rate Costly;

        GET    "/api/v1/apps/{app}/dashboards" Read dashboards::list;
        POST   "/api/v1/apps/{app}/dashboards" Design dashboards::create;
        GET    "/api/v1/dashboards/{id}"    Read dashboards::read;
        DELETE "/api/v1/dashboards/{id}"    Design dashboards::delete;
        GET    "/api/v1/dashboards/{id}/dependents" Design dashboards::dependents;
        GET    "/api/v1/dashboards/{id}/filters/{key}/options" Read dashboards::options;
        POST   "/api/v1/dashboards/{id}/tiles/{key}/data" Read dashboards::data;
        POST   "/api/v1/dashboards/{id}/tiles/{key}/records" Read dashboards::records;

        GET    "/api/v1/search"             Read search;
        POST   "/api/v1/sounds"             Read sounds;

        GET    "/api/v1/templates"          Read templates::list;
        GET    "/api/v1/templates/{key}"    Read templates::read;
        GET    "/api/v1/templates/{key}/picture" Open templates::picture;
        POST   "/api/v1/templates/{key}/install" Administer templates::install rate Costly;
        GET    "/api/v1/templates/{key}/demo" Administer templates::demo;
        POST   "/api/v1/templates/{key}/demo/clear" Administer templates::demo_clear rate Costly;
        GET    "/api/v1/regions"            Read regions::list;
        GET    "/api/v1/regions/{package}/{key}" Read regions::read;

        GET    "/api/v1/jobs"               SignedIn jobs::list;
        GET    "/api/v1/jobs/{id}"          SignedIn jobs::read;
        GET    "/api/v1/jobs/{id}/events"   SignedIn jobs::events;
        POST   "/api/v1/jobs/{id}/cancel"   Write jobs::cancel;
        POST   "/api/v1/jobs/{id}/undo"     Write jobs::undo;
    }
}

#[cfg(test)]
mod tests;
