//! Stories told in a real browser. One file for a journey.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod aggregates;
mod appearance;
mod asking;
mod audit;
mod bin;
mod bulk_edit;
mod change_of_kind;
mod choices_from;
mod choosing;
mod designers;
mod expenses;
mod filling;
mod first_load;
mod flow_designer;
mod flow_editor;
mod flow_figures;
mod grid;
mod import;
mod inbox;
mod inbox_lists;
mod inbox_together;
mod kinds;
mod languages;
mod leave_request;
mod looks;
mod made_while_linking;
mod main_job;
mod narrow;
mod people;
mod people_and_lists;
mod permissions;
mod places;
mod reports;
mod rights;
mod signing_in;
mod transfer;
mod views;
