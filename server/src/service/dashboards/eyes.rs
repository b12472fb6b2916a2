//! With whose eyes the tiles of a dashboard are read: its reader's, or everybody's where an administrator has marked it so
//! (semantics.md 4). Who reads the page itself is said by its document all the same.

use std::borrow::Cow;

use engine::report::RunAs;

use crate::service::designs::DashboardDesign;
use crate::service::people::Caller;

/// Who looks at what the tiles of a dashboard count, where `caller` reads it.
pub fn eyes<'c>(design: &DashboardDesign, caller: &'c Caller) -> Cow<'c, Caller> {
    match design.document.run_as {
        RunAs::Viewer => Cow::Borrowed(caller),
        RunAs::All => Cow::Owned(caller.seeing_all()),
    }
}

/// Whether its readers look at what lies behind its tiles: of what counts all records nobody does.
pub fn leads_further(design: &DashboardDesign) -> bool {
    design.document.run_as == RunAs::Viewer
}
