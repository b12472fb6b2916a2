//! That nothing writes records without being on the list.

use std::collections::BTreeSet;

use super::Way;

/// Where the routes are declared.
const ROUTES: &str = include_str!("../../../../server/src/api/routes.rs");
/// Where the ways that a save can come are named.
const PATHS: &str = include_str!("../../../../server/src/service/records/order.rs");

/// Requests that make or change records, and what of the matrix shows it.
const WRITES: [(&str, &[Way]); 20] = [
    ("POST /forms/{form}/records", &[Way::WebCreate, Way::ApiCreate, Way::Flow, Way::Script, Way::Deadline]),
    ("POST /public/{token}/answers", &[Way::Public]),
    ("POST /hooks/{token}", &[Way::HookNew, Way::HookKnown]),
    ("PATCH /forms/{form}/records/{id}", &[Way::WebEdit, Way::ApiEdit]),
    ("POST /forms/{form}/records/{id}/submit", &[Way::WebSubmit]),
    (
        "POST /forms/{form}/records/bulk",
        &[
            Way::BulkCreate,
            Way::BulkUpdate,
            Way::EachCreate,
            Way::EachUpdate,
            Way::UpsertNew,
            Way::UpsertKnown,
        ],
    ),
    ("POST /forms/{form}/bulk-edit", &[Way::BulkEdit]),
    ("POST /forms/{form}/import", &[Way::ImportNew, Way::ImportKnown]),
    // What flows do by themselves begins with a record, or with a decision; a deadline's decision with time alone.
    ("POST /tasks/{task}/{action}", &[Way::Task, Way::AutoPass, Way::Child]),
    ("POST /tasks/decide", &[Way::Batch]),
    ("POST /apps/import", &[Way::Demo]),
    ("POST /templates/{key}/install", &[Way::Demo]),
    // They take a record away, for good too, and bring it back as it was.
    ("DELETE /forms/{form}/records/{id}", &[]),
    ("POST /forms/{form}/records/purge", &[]),
    ("POST /forms/{form}/records/{id}/restore", &[]),
    ("POST /forms/{form}/records/restore", &[]),
    // It marks a record, and leaves its fields to the scripts of its form.
    ("POST /forms/{form}/records/{id}/void", &[]),
    // It takes away what came with a template.
    ("POST /templates/{key}/demo/clear", &[]),
    // It gives records another owner, and no field a value.
    ("POST /members/{id}/hand-over", &[]),
    // It gives records what they held before.
    ("POST /jobs/{id}/undo", &[]),
];

/// Requests below a form, and others that stand near records, that change none.
const OTHERS: [&str; 40] = [
    "PUT /forms/{form}/admins",
    "PUT /forms/{form}/draft",
    "POST /forms/{form}/draft/edits",
    "POST /forms/{form}/publish",
    "POST /forms/{form}/publish/preview",
    "DELETE /forms/{form}",
    "POST /forms/{form}/restore",
    "POST /forms/{form}/purge",
    "POST /forms/{form}/fields/{field}/restore",
    "POST /forms/{form}/fields/{field}/purge",
    "POST /forms/{form}/permissions",
    "PUT /forms/{form}/permissions/{id}",
    "DELETE /forms/{form}/permissions/{id}",
    "POST /forms/{form}/permissions/preview",
    "POST /forms/{form}/permissions/dry-run",
    "POST /forms/{form}/views",
    "POST /forms/{form}/prints",
    // What comes by it is on the list.
    "POST /forms/{form}/links",
    "POST /forms/{form}/hooks",
    "PATCH /forms/{form}/hooks/{id}",
    "DELETE /forms/{form}/hooks/{id}",
    "POST /forms/{form}/hooks/{id}/secret",
    "DELETE /forms/{form}/hooks/{id}/secret",
    // What was entered and not saved is no record.
    "PUT /forms/{form}/entries/{id}",
    "DELETE /forms/{form}/entries/{id}",
    "POST /forms/{form}/evaluate",
    "PUT /forms/{form}/flow/draft",
    "DELETE /forms/{form}/flow/draft",
    "DELETE /forms/{form}/flow/versions/{version}",
    "POST /forms/{form}/flow/ready-made",
    "POST /forms/{form}/flow/publish",
    "POST /forms/{form}/flow/ahead",
    "POST /forms/{form}/flow/simulate",
    "POST /forms/{form}/flow/migrate",
    "POST /forms/{form}/flow/coverage",
    "POST /forms/{form}/flow/try-condition",
    "POST /forms/{form}/records/query",
    "POST /forms/{form}/records/{id}/comments",
    "POST /forms/{form}/import/preview",
    "POST /forms/{form}/export",
];

/// The same for what is over records, or over flows: an instance's actions change no field that somebody entered.
const FURTHER: [&str; 2] = ["POST /forms/{form}/aggregate", "POST /instances/{instance}/{action}"];

/// What stands around records: people, apps, files, jobs, tables and reports. Each by its whole route, so that a new one is
/// looked at here.
const AROUND: [&str; 60] = [
    "PATCH /me",
    "PUT /me/app-order",
    "PUT /me/put-away",
    "POST /members",
    "PATCH /members/{id}",
    "DELETE /members/{id}",
    "POST /members/import",
    "POST /members/import/preview",
    "POST /members/{id}/invitation",
    "DELETE /members/{id}/invitation",
    "POST /members/{id}/invitation/letter",
    "POST /members/{id}/password-link",
    "DELETE /members/{id}/sessions",
    "DELETE /members/{id}/second-factor",
    "POST /members/{id}/dry-run",
    "PATCH /workspace",
    "POST /apps",
    "PATCH /apps/{app}",
    "DELETE /apps/{app}",
    // What comes back, or goes for good, does so with the records that it had.
    "POST /apps/{app}/restore",
    "POST /apps/{app}/purge",
    "PUT /apps/{app}/tree",
    // The same for many at once.
    "POST /bin/restore",
    "POST /bin/purge",
    // Of a zone, what formulas of records give is computed anew; nobody enters anything.
    "PUT /workspace/zone",
    "POST /apps/{app}/secrets",
    // What it calls is another system.
    "POST /calls/{id}/retry",
    "POST /apps/{app}/forms",
    "POST /apps/{app}/forms/propose",
    "PATCH /views/{id}",
    "DELETE /views/{id}",
    "PUT /prints/{id}",
    "DELETE /prints/{id}",
    // A record that names it is saved by a request of its own.
    "POST /files",
    "POST /public/{token}/files",
    "POST /public/{token}/open",
    "PATCH /links/{id}",
    "DELETE /links/{id}",
    "POST /links/{id}/renew",
    "POST /apps/{app}/aggregates",
    "POST /apps/{app}/aggregates/verify",
    "PUT /aggregates/{id}",
    "DELETE /aggregates/{id}",
    "POST /aggregates/{id}/as-of",
    "POST /aggregates/{id}/records",
    "POST /aggregates/{id}/verify",
    "POST /apps/{app}/scripts",
    // Nothing of a trial stays.
    "POST /apps/{app}/try-script",
    "POST /apps/{app}/scripts/{key}/test",
    "PUT /apps/{app}/scripts/{key}",
    "DELETE /apps/{app}/scripts/{key}",
    "DELETE /reports/{key}",
    "POST /reports/{key}/run",
    "POST /reports/{key}/records",
    "POST /reports/{key}/export",
    "POST /apps/{app}/dashboards",
    "DELETE /dashboards/{id}",
    "POST /dashboards/{id}/tiles/{key}/data",
    "POST /dashboards/{id}/tiles/{key}/records",
    // It ends what was begun by a request of the list.
    "POST /jobs/{id}/cancel",
];

/// What has nothing to do with records, by the beginnings of its paths.
const ELSEWHERE: [&str; 16] = [
    "/setup",
    "/notices/",
    "/phrases",
    "/favourites",
    "/comments/",
    "/see-as",
    "/audit/",
    "/auth/",
    "/delegations",
    "/departments",
    "/roles",
    "/role-groups",
    "/tokens",
    "/secrets/",
    "/retention",
    "/sounds",
];

/// Ways of the specification that the product does not have yet. Once it does, its row belongs into the matrix.
const ABSENT: [(&str, &str); 1] = [("automation action", "/automations")];

/// The routes that are not for reading, as `METHOD PATH` below `/api/v1`.
fn routes() -> Vec<String> {
    let lines = ROUTES.lines().map(str::trim);
    let routes = lines.filter_map(|line| {
        let (method, rest) = line.split_once(char::is_whitespace)?;
        let path = rest.trim().strip_prefix("\"/api/v1")?.split('"').next()?;
        ["POST", "PUT", "PATCH", "DELETE"].contains(&method).then(|| format!("{method} {path}"))
    });
    routes.collect()
}

#[test]
fn every_request_that_changes_something_is_on_the_list_or_changes_no_record() {
    let routes = routes();
    assert!(routes.len() > 40, "{routes:?}");
    let known = |route: &str| {
        WRITES.iter().any(|(write, _)| *write == route)
            || [&OTHERS[..], &FURTHER, &AROUND].iter().any(|list| list.contains(&route))
    };
    for route in &routes {
        for (name, part) in ABSENT {
            assert!(
                !route.contains(part),
                "{route}: {name} is there now; give it a row in the matrix, and a `Way`"
            );
        }
        let path = route.split_once(' ').unwrap().1;
        // A whole part of a path, or its beginning where it ends with a slash.
        let is_below = |start: &str| {
            path.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || start.ends_with('/'))
        };
        let elsewhere = ELSEWHERE.iter().any(|start| is_below(start));
        assert!(known(route) || elsewhere, "say here whether {route} writes records, and by which `Way`");
    }
    let listed = WRITES.iter().map(|(write, _)| write);
    for listed in listed.chain(&OTHERS).chain(&FURTHER).chain(&AROUND) {
        assert!(routes.iter().any(|route| route == listed), "{listed} is not there any more");
    }
}

#[test]
fn every_way_is_shown_by_a_request_and_every_path_by_a_way() {
    for way in Way::ALL {
        assert!(WRITES.iter().any(|(_, ways)| ways.contains(&way)), "{way:?}");
    }
    // The paths of the server, by the names that they have in the history. What the product draws in consequence of another
    // write is not asked for by anybody, and what is put back is no new value.
    let names = PATHS.split("Path::").skip(1).filter_map(|rest| {
        let (_, name) = rest.split_once(" => \"")?;
        let is_arm = rest.find(" => \"") < rest.find('\n');
        is_arm.then(|| name.split('"').next().unwrap_or_default())
    });
    let names: BTreeSet<&str> = names.collect();
    let shown: BTreeSet<&str> =
        Way::ALL.iter().map(|way| way.path()).chain(["consequence", "restore"]).collect();
    assert_eq!(names, shown, "a path without a way, or a way without a path");
}
