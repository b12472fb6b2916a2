//! L11: a start with all that is there.

use super::{House, figure};
use crate::figures::{Figure, Unit};
use crate::subject::Subject;
use crate::{REST, STARTS, median};

/// L11
pub async fn cold(house: &mut House) -> Vec<Figure> {
    let question = house.formwork.get(house.rows / 2 + 1);
    let server = house.formwork.server();
    server.ask_when_started(question);
    let mut took = Vec::new();
    for _ in 0..STARTS {
        server.stop();
        server.start_again().await;
        took.push(server.started_in.as_secs_f64());
    }
    tokio::time::sleep(REST).await;
    let idle_mb = server.memory_mb();
    vec![
        figure("L11 start until a record is answered", Unit::Seconds, median(took), house.goal(2.0)),
        figure("L11 memory, idle", Unit::Mb, idle_mb, house.goal(120.0)),
    ]
}
