//! Stories told in a real browser. One file for a journey.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod administering;
mod aggregates;
mod another_device;
mod api_docs;
mod appearance;
mod asking;
mod at_hand;
mod audit;
mod bin;
mod bulk_edit;
mod change_of_kind;
mod choices_from;
mod choosing;
mod designers;
mod designing_together;
mod expense_claim;
mod expenses;
mod filling;
mod first_load;
mod flow_designer;
mod flow_editor;
mod flow_figures;
mod grid;
mod habits;
mod hostile_texts;
mod import;
mod inbox;
mod inbox_lists;
mod inbox_together;
mod keyboard_alone;
mod kinds;
mod languages;
mod leave_request;
mod looks;
mod made_while_linking;
mod main_job;
mod narrow;
mod notices;
mod people;
mod people_and_lists;
mod permissions;
mod places;
mod policy;
mod reports;
mod rights;
mod sheet;
mod signing_in;
mod transfer;
mod trouble;
mod views;
mod voiding;
