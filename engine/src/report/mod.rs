//! Reports: calculations as data (documents.md, "Dashboard and report").
//!
//! A report names queries and figures. The server runs each query as the viewer, with grouping in SQL; everything
//! after that happens here, exactly, so that the same numbers come out everywhere. A figure that can't be computed is
//! empty with a reason, never 0 and never infinity.

mod answer;
mod compute;
mod dashboard;
mod document;
mod gather;
mod groups;
mod offer;
mod payback;
mod picking;
mod picture;
mod publish;
mod spark;
mod table;
mod tile;

pub use answer::{DataAnswer, DataRow, NONE_VISIBLE, NOT_READABLE, SOURCE_NOT_INSTALLED, Sight, Titles};
pub use compute::{FigureResult, Outcome};
pub use dashboard::{
    Compare, DashboardDocument, FilterKind, FilterRule, RunAs, Tile, TileKind, TileMeasure, TileSource,
};
pub use document::{
    Calculation, CalculationRule, DataRule, FigureRule, NullRule, ParamRule, PaybackRule, ReportDocument,
    ReportMeasure, Role, SortRule, TableRule,
};
pub use gather::Gathering;
pub use offer::{Offered, offered};
pub use picture::{TileResult, TileRow, change, earlier};
pub use publish::{CheckedData, DataGroup, DataMeasure, Report};
pub use spark::{Better, SparkPoint, SparkRule, SparkSpan, TargetRule};
pub use table::{RowResult, TableResult};
pub use tile::{Bind, CheckedTile, CheckedTileSource, Dashboard, Known};
