//! Figures of a flow, for those who administer its app.

use wire::List;
use wire::flow_figures::{FlowCase, FlowFigures};

use super::{Call, Problem, segment};

/// What figures are asked for: parameters of the address by their names.
pub type Asked = Vec<(&'static str, String)>;

fn with(call: Call, asked: &[(&'static str, String)]) -> Call {
    asked.iter().fold(call, |call, (name, value)| call.query(name, value))
}

pub async fn figures(form: &str, asked: &[(&'static str, String)]) -> Result<FlowFigures, Problem> {
    with(Call::get(format!("/forms/{}/flow/figures", segment(form))), asked).send().await
}

/// A page of what a figure counts.
pub async fn requests(
    form: &str,
    which: &str,
    asked: &[(&'static str, String)],
    cursor: Option<&str>,
) -> Result<List<FlowCase>, Problem> {
    let call = Call::get(format!("/forms/{}/flow/figures/requests", segment(form)));
    let call = with(call.query("which", which).query("limit", 50), asked);
    let call = cursor.into_iter().fold(call, |call, cursor| call.query("cursor", cursor));
    call.send().await
}
