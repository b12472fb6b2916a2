//! The table of routes, held against what it says of itself.

use std::collections::BTreeSet;

use super::*;

#[test]
fn what_reads_by_a_body_is_there_and_needs_no_more_than_the_right_to_read() {
    for path in READING {
        let of_path = routes().into_iter().filter(|route| route.path == path);
        let found: Vec<(Method, Policy)> = of_path.map(|route| (route.method, route.policy)).collect();
        assert_eq!(found, [(Method::POST, Policy::Read)], "{path}");
    }
}

#[test]
fn t67_what_is_heavy_is_there_and_known_by_whoever_asks() {
    for path in HEAVY {
        let found: Vec<Route> = routes().into_iter().filter(|route| route.path == path).collect();
        assert_eq!(found.len(), 1, "{path}");
        let is_known = |route: &Route| matches!(route.policy, Policy::Read | Policy::Administer);
        assert!(found.iter().all(is_known), "{path}");
    }
}

#[test]
fn t71_what_goes_on_with_little_room_is_there_and_all_that_writes_records_waits() {
    let needs = |path: &str| -> Vec<bool> {
        let of_path = routes().into_iter().filter(|route| route.path == path);
        of_path.filter(|route| !route.only_reads()).map(|route| route.needs_room()).collect()
    };
    for path in WITH_LITTLE_ROOM {
        let needs = needs(path);
        assert!(!needs.is_empty() && !needs.contains(&true), "{path}");
    }
    let waiting = [
        "/api/v1/forms/{form}/records",
        "/api/v1/files",
        "/api/v1/forms/{form}/import",
        "/api/v1/public/{token}/answers",
        "/api/v1/hooks/{token}",
        VISITORS_UPLOADS,
    ];
    for path in waiting {
        assert_eq!(needs(path), [true], "{path}");
    }
    // Of a record: it is changed with room, and removed without.
    assert_eq!(needs("/api/v1/forms/{form}/records/{id}"), [true, false]);
    assert_eq!(needs("/api/v1/auth/logout"), [false]);
}

#[test]
fn what_reads_parameters_takes_them_and_all_else_of_the_api_none() {
    let refuses = |method: Method, path: &str| {
        let all = routes();
        let route = all.iter().find(|route| route.method == method && route.path == path);
        route.map(Route::refuses_parameters)
    };
    let reading =
        ["members", "search", "forms/{form}/records", "aggregates/{id}/rows", "auth/provider/callback"];
    for path in reading {
        assert_eq!(refuses(Method::GET, &format!("/api/v1/{path}")), Some(false), "{path}");
    }
    assert_eq!(refuses(Method::POST, "/api/v1/files"), Some(false));
    for path in ["me", "forms/{form}/views", "forms/{form}/permissions", "forms/{form}/hooks", "favourites"] {
        assert_eq!(refuses(Method::GET, &format!("/api/v1/{path}")), Some(true), "{path}");
    }
    // Other systems, and those who watch over the server, put there what they like.
    assert_eq!(refuses(Method::POST, "/api/v1/hooks/{token}"), Some(false));
    assert_eq!(refuses(Method::GET, "/ready"), Some(false));
}

/// Whoever hangs on a rate is known by then: an address where anybody may come, a member where none but members may.
#[test]
fn what_anybody_may_try_is_counted_by_address_and_the_rest_by_member() {
    for route in routes() {
        match route.rate {
            Some(Rate::Knock) => assert!(route.policy.is_for_strangers(), "{}", route.path),
            Some(Rate::Visit | Rate::Lookup | Rate::Message) => {
                assert_eq!(route.policy, Policy::Public, "{}", route.path);
            }
            Some(Rate::Costly) => assert!(!route.policy.is_for_strangers(), "{}", route.path),
            // Signing in has counts of its own.
            None if route.policy.is_for_strangers() && route.method == Method::POST => {
                assert_eq!(route.path, "/api/v1/auth/login");
            }
            None => {}
        }
    }
}

#[test]
fn no_route_is_there_twice() {
    let mut seen = BTreeSet::new();
    for route in routes() {
        assert!(seen.insert((route.path, route.method.to_string())), "{} {}", route.method, route.path);
    }
}
