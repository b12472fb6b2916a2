//! Charts, drawn as SVG with the theme's classes at the width that they have: text never scales.
//!
//! Drawing may be inexact; the exact numbers stand beside it as text.

mod bars;
mod canvas;
mod columns;
mod decimals;
mod donut;
mod lines;
mod picture;
mod scale;
mod spark;

pub use bars::BarList;
pub use columns::ColumnChart;
pub use decimals::{decimals, with_decimals};
pub use donut::Donut;
pub use lines::LineChart;
pub use picture::{Picture, Series, by_period, row_name, unit_text};
pub use spark::SparkLine;
