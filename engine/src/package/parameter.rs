//! The parameters of an app: values that its formulas read with `PARAM('key')`.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Parameter;
use crate::field::FieldKind;
use crate::text::{Fault, Faults};
use crate::value::Value;

/// The values of parameters by their keys.
///
/// # Errors
/// A kind that does not exist, or a value that does not fit it.
pub fn parameter_values(parameters: &[Parameter]) -> Result<BTreeMap<String, Value>, Faults> {
    let mut values = BTreeMap::new();
    for (place, parameter) in parameters.iter().enumerate() {
        let at = format!("/parameters/{place}/default");
        let value = FieldKind::from_parts(&parameter.kind, Json::Null)
            .map_err(|_| Fault::new("", "wrong_type").arg("detail", &parameter.kind))
            .and_then(|kind| kind.parse(&parameter.default));
        let value = value.map_err(|fault| vec![Fault { path: at, ..fault }])?;
        values.insert(parameter.key.clone(), value);
    }
    Ok(values)
}
