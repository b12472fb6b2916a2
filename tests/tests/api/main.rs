//! Stories told through the HTTP API, on both databases. One file for a subject.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access_over_time;
mod aggregates;
mod aggregates_at_random;
mod apps_and_forms;
mod bad_input;
mod boundaries;
mod command_line;
mod dashboards;
mod durability;
mod files;
mod flows;
mod import;
mod import_by_administrators;
mod import_proposals;
mod jobs_and_events;
mod kinds_of_people;
mod linked_defaults;
mod links;
mod links_many;
mod may;
mod members;
mod openapi;
mod packages;
mod permissions;
mod pictures;
mod process;
mod query;
mod query_field;
mod records;
mod reports;
mod search;
mod setup_and_sign_in;
mod templates;
mod withheld;
