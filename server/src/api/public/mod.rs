//! What somebody without an account does who has a public link of a form.

pub mod answer;
pub mod open;
pub mod options;
pub mod read;
pub mod regions;
pub mod upload;
mod visiting;

use crate::api::doc::Doc;

/// What every visit may be refused with.
fn visit(doc: Doc) -> Doc {
    doc.refuses(404, &["not_found"]).refuses(410, &["link_closed"])
}

/// The same, of what comes with a ticket.
fn visit_with_ticket(doc: Doc) -> Doc {
    visit(doc).header("X-Ticket", "The ticket that came with the form").refuses(410, &["ticket_expired"])
}
