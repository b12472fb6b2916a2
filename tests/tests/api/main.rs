//! Stories told through the HTTP API, on both databases. One file for a subject.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access_over_time;
mod aggregates;
mod aggregates_at_random;
mod aggregates_explained;
mod aggregates_kept;
mod apps_and_forms;
mod bad_input;
mod bin;
mod boundaries;
mod bulk_edit;
mod change_of_definition;
mod command_line;
mod dashboards;
mod doctor;
mod durability;
mod export;
mod export_round_trip;
mod figures;
mod files;
mod flows;
mod import;
mod import_at_length;
mod import_by_administrators;
mod import_files;
mod import_life;
mod import_proposals;
mod jobs_and_events;
mod kinds;
mod links;
mod links_further;
mod may;
mod members;
mod openapi;
mod packages;
mod permissions;
mod picker;
mod process;
mod query;
mod races;
mod records;
mod reports;
mod rollups;
mod rollups_at_random;
mod search;
mod setup_and_sign_in;
mod templates;
mod upgrade;
mod withheld;
mod write_paths;
