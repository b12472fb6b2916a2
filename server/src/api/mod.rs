//! HTTP: [`routes`] is the page of all routes; each folder is a resource, each file in it an endpoint with its
//! description and its handler. A handler reads the request, calls a service, and answers.

mod aggregates;
mod apps;
mod audit;
mod auth;
mod bin;
mod calls;
mod comments;
pub mod connections;
mod crowd;
mod dashboards;
mod delegations;
mod departments;
pub mod doc;
mod docs;
mod entries;
mod events;
mod exports;
mod extract;
mod favourites;
mod files;
mod first_steps;
mod flows;
mod forms;
mod health;
mod hooks;
mod imports;
mod instances;
mod jobs;
mod layers;
mod links;
mod members;
pub mod metrics;
mod notices;
mod openapi;
mod permissions;
mod phrases;
mod prints;
mod problem;
mod public;
mod put_away;
mod records;
mod regions;
mod reply;
mod reports;
mod role_groups;
mod roles;
mod routes;
mod schemas;
mod scripts;
mod search;
mod secrets;
mod see_as;
mod setup;
mod site;
mod sounds;
mod tasks;
mod templates;
pub mod tls;
mod tokens;
mod views;
mod workspace;

use std::any::Any;
use std::convert::Infallible;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

pub use problem::Problem;

use crate::service::{Cause, Installation};
use layers::{Hosts, Load, MakeRequestId, Patience, Proxies};

/// How many requests may run at once before others are told to come again.
const REQUESTS_AT_ONCE: usize = 1024;
/// How many of these one household may have.
const OF_ONE_HOUSEHOLD: usize = 256;
/// No body is larger, whatever its route says.
const LARGEST_BODY: usize = routes::UPLOAD;

/// The whole of HTTP. Layers stand in the order in which a request meets them.
pub fn router(installation: Installation) -> Router {
    router_with(installation, Patience::default())
}

fn router_with(installation: Installation, patience: Patience) -> Router {
    let settings = installation.settings.clone();
    let mut router = Router::new();
    for route in routes::routes() {
        let door = extract::Door {
            policy: route.policy,
            rate: route.rate,
            only_reads: route.only_reads(),
            needs_room: route.needs_room(),
            is_heavy: route.is_heavy(),
        };
        let door = (installation.clone(), door);
        let layers = tower::ServiceBuilder::new()
            .layer(from_fn_with_state(door, extract::admit))
            .layer(from_fn_with_state(route.refuses_parameters(), extract::refuse_unread))
            .layer(DefaultBodyLimit::max(route.body_limit))
            .layer(from_fn_with_state((route.body_limit, route.streams), extract::read_key));
        router = router.route(route.path, route.handler.layer::<_, Infallible>(layers));
    }
    let proxies = Proxies::of(&settings.reach.trusted_proxies);
    let layers = tower::ServiceBuilder::new()
        .layer(from_fn_with_state(proxies.clone(), layers::forget_foreign_id))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestId))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(TraceLayer::new_for_http().make_span_with(layers::span))
        .layer(from_fn_with_state(installation.clone(), layers::measure))
        .layer(from_fn_with_state(proxies, layers::note_peer))
        .layer(from_fn_with_state(installation.clone(), layers::set_security_headers))
        .layer(from_fn(problem::render))
        .layer(CatchPanicLayer::custom(layers::answer_panic as fn(Box<dyn Any + Send>) -> Response))
        .layer(from_fn_with_state(Load::new(REQUESTS_AT_ONCE, OF_ONE_HOUSEHOLD), layers::limit_load))
        .layer(from_fn_with_state(patience, layers::limit_time))
        .layer(from_fn(layers::take_small_bodies))
        .layer(from_fn_with_state(Hosts::of(&settings), layers::refuse_foreign_hosts))
        .layer(from_fn_with_state(settings, layers::refuse_cross_site))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY));
    router
        .fallback(site::handler)
        .method_not_allowed_fallback(|| async {
            Problem::new(Cause::Method, "method_not_allowed").into_response()
        })
        .layer(layers)
        .with_state(installation)
}
