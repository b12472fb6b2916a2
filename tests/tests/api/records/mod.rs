//! Records: from their first save to the recycle bin and back.

mod earlier;
mod hidden;
mod life;
mod traces;
mod unique;
mod values;
mod versions;
