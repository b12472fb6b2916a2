//! Reports: calculations as data (documents.md, "Dashboard and report").
//!
//! A report names queries and figures. The server runs each query as the viewer, with grouping in SQL; everything
//! after that happens here, exactly, so that the same numbers come out everywhere. A figure that can't be computed is
//! empty with a reason, never 0 and never infinity.

mod compute;
mod dashboard;
mod document;
mod publish;

pub use compute::{DataRow, FigureResult, Outcome, RowResult, TableResult};
pub use dashboard::{Compare, DashboardDocument, Tile, TileKind, TileMeasure, TileSource};
pub use document::{DataRule, FigureRule, NullRule, ParamRule, ReportDocument, ReportMeasure, TableRule};
pub use publish::{CheckedData, Report};
