//! Records: from their first save to the recycle bin and back.

mod comments;
mod earlier;
mod entries;
mod hidden;
mod life;
mod numbering;
mod traces;
mod unique;
mod values;
mod versions;
