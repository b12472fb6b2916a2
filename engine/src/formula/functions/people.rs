//! What people and departments are called. Names come from whoever evaluates: the engine looks nobody up.

use super::Takes::People;
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, text_value};
use crate::value::{ErrorValue, Value};

const T: Topic = Topic::People;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "TEXTUSER",
        T,
        &[People],
        Gives::Text,
        named,
        &[("TEXTUSER(by)", "Zhang San"), ("TEXTUSER(team)", "Zhang San, Li Si"), ("TEXTUSER(blank)", "")],
    )
    .live(),
    Function::new("TEXTDEPT", T, &[People], Gives::Text, named, &[("TEXTDEPT(blank) & \"-\"", "-")]).live(),
    Function::new("GETUSERNAME", T, &[], Gives::Text, own_name, &[("GETUSERNAME()", "Li Si")]).live(),
];

/// The names of one or several, in order. Whose name is not known is left out.
fn named(a: &Arguments) -> Answer {
    let mut names = Vec::new();
    for item in a.items(0) {
        match item {
            Value::Ref(id) => names.extend(a.frame.names.name(*id)),
            Value::Error(error) => return Err((*error).into()),
            value if value.is_empty() => {}
            _ => return Err(ErrorValue::Value.into()),
        }
    }
    a.frame.room_for_text(names.iter().map(|name| name.len() + 2).sum())?;
    Ok(text_value(names.join(", ")))
}

fn own_name(a: &Arguments) -> Answer {
    let name = a.frame.user.and_then(|user| a.frame.names.name(user)).ok_or(Halt::Empty)?;
    a.frame.room_for_text(name.len())?;
    Ok(text_value(name))
}
