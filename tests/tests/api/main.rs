//! Stories told through the HTTP API, on both databases. One file for a subject.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access_over_time;
mod aggregates;
mod aggregates_at_random;
mod apps_and_forms;
mod bad_input;
mod bin;
mod boundaries;
mod bulk_edit;
mod change_of_definition;
mod command_line;
mod dashboards;
mod durability;
mod files;
mod flows;
mod import;
mod import_by_administrators;
mod import_proposals;
mod jobs_and_events;
mod links;
mod may;
mod members;
mod openapi;
mod packages;
mod permissions;
mod process;
mod query;
mod records;
mod reports;
mod search;
mod setup_and_sign_in;
mod templates;
mod withheld;
