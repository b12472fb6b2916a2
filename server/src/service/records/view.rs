//! A record as somebody may see it.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight};
use engine::record::values_to_json;
use engine::value::{Id, Timestamp, Values, format_timestamp};
use store::Reader;
use store::instance::{Instance, InstanceState, Task, TaskKind};
use store::record::{Record, System};

use super::Order;
use super::standing::Standing;
use crate::service::Refusal;

/// What groups let somebody do with the fields and columns of one record, by path.
pub type FieldRights = BTreeMap<String, FieldRight>;

impl Order {
    /// The records of a page with what the caller may see of them. `only` names the fields that are wanted, `held` those
    /// that the records hold: all but sub-forms without it.
    pub async fn view_all(
        &self,
        db: &mut Reader,
        records: &[Record],
        only: Option<&[String]>,
        held: Option<&[String]>,
    ) -> Result<Vec<wire::records::Record>, Refusal> {
        if self.access.is_alike_where_seen() {
            return self.views(db, records, None, only).await;
        }
        if let Some(standings) = self.standings_of_page(records, held) {
            return self.views(db, records, Some(standings), only).await;
        }
        // A page has but the fields that were asked for, and rows look at others.
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let access = Access::system("rights look at whole records");
        let whole = store::record::get_many(db, &access, self.table(), &ids, &self.context).await?;
        let whole: Vec<Record> = whole.into_values().collect();
        let standings = self.standings(db, &whole).await?;
        self.views(db, records, Some(standings), only).await
    }

    /// A whole record with what the caller may see of it.
    pub async fn view(&self, db: &mut Reader, record: &Record) -> Result<wire::records::Record, Refusal> {
        let records = std::slice::from_ref(record);
        let standings = match self.access.depends_on_record() {
            true => Some(self.standings(db, records).await?),
            false => None,
        };
        let mut views = self.views(db, records, standings, None).await?;
        views.pop().ok_or_else(Refusal::missing)
    }

    /// Whether groups open the same fields on every record that the caller can see.
    fn shows_alike(&self) -> bool {
        self.compiled.form.all_columns().all(|column| self.access.is_uniform(&column.path))
    }

    /// Records with what is allowed on each, or where nothing is said of them on all alike.
    async fn views(
        &self,
        db: &mut Reader,
        records: &[Record],
        standings: Option<BTreeMap<Id, Standing>>,
        only: Option<&[String]>,
    ) -> Result<Vec<wire::records::Record>, Refusal> {
        let shown = self.shown(db, records, only).await?;
        let mut flows = self.flows_of(db, records).await?;
        let (closed, shows_alike) = (Standing::default(), self.shows_alike());
        let mut views = Vec::with_capacity(records.len());
        for (record, values) in records.iter().zip(shown) {
            let standing = standings.as_ref().map(|all| all.get(&record.id).unwrap_or(&closed));
            let own = standing.filter(|_| !shows_alike).map(|standing| &standing.fields);
            let fields = self.visible(own, &values, only);
            let may = standing.map_or_else(|| self.may_alike(record), |standing| standing.may.clone());
            let flow = record.system.instance.and_then(|instance| flows.remove(&instance));
            views.push(wire::records::Record {
                id: record.id,
                version: record.version,
                fields,
                row_counts: record.row_counts.clone(),
                system: system(&record.system, flow),
                may,
                instance: None,
                left_behind: 0,
                former: BTreeMap::new(),
            });
        }
        Ok(views)
    }

    /// A record with the fields that `visible` names, for those whose right comes from its flow.
    pub async fn view_where(
        &self,
        db: &mut Reader,
        record: &Record,
        visible: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<wire::records::Record, Refusal> {
        let shown = self.shown(db, std::slice::from_ref(record), None).await?;
        let values = shown.into_iter().next().unwrap_or_default();
        let flow = self.flows_of(db, std::slice::from_ref(record)).await?.into_values().next();
        Ok(wire::records::Record {
            id: record.id,
            version: record.version,
            fields: values_to_json(&self.compiled.form, &values, visible),
            row_counts: record.row_counts.clone(),
            system: system(&record.system, flow),
            // What a step lets its people change goes through their task.
            may: wire::records::RecordMay::default(),
            instance: None,
            left_behind: 0,
            former: BTreeMap::new(),
        })
    }

    /// The fields that the caller may read on a record: by the rights on it, or alike on all without.
    fn visible(
        &self,
        rights: Option<&FieldRights>,
        values: &Values,
        only: Option<&[String]>,
    ) -> wire::records::Fields {
        let wanted = |path: &str| {
            let key = path.split_once('.').map_or(path, |(subform, _)| subform);
            match only {
                Some(only) => only.iter().any(|name| name == path || name == key),
                None => true,
            }
        };
        let right = |path: &str| match rights {
            Some(rights) => rights.get(path).copied().unwrap_or_default(),
            None => self.access.right(path),
        };
        let open = |path: &str| wanted(path) && right(path) >= FieldRight::Read;
        values_to_json(&self.compiled.form, values, &open)
    }

    /// What groups let the caller do with the fields of each of these whole records, by record.
    pub async fn rights_on(
        &self,
        db: &mut Reader,
        records: &[Record],
    ) -> Result<BTreeMap<Id, FieldRights>, Refusal> {
        let standings = self.standings(db, records).await?;
        Ok(standings.into_iter().map(|(id, standing)| (id, standing.fields)).collect())
    }

    /// The fields and columns that groups let the caller read on this record.
    pub async fn readable_on(&self, db: &mut Reader, record: &Record) -> Result<BTreeSet<String>, Refusal> {
        let rights = self.rights_on(db, std::slice::from_ref(record)).await?;
        let readable = rights.into_values().flatten().filter(|(_, right)| *right >= FieldRight::Read);
        Ok(readable.map(|(path, _)| path).collect())
    }

    /// Where each of the records is in its flow, by instance; asked for all at once.
    async fn flows_of(
        &self,
        db: &mut Reader,
        records: &[Record],
    ) -> Result<BTreeMap<Id, wire::records::RecordFlow>, Refusal> {
        let instances: Vec<Id> = records.iter().filter_map(|record| record.system.instance).collect();
        if instances.is_empty() {
            return Ok(BTreeMap::new());
        }
        let workspace = self.caller.workspace_id();
        let states = Instance::states(db, workspace, &instances).await?;
        let going: Vec<Id> =
            states.iter().filter(|(_, state)| is_going(**state)).map(|(id, _)| *id).collect();
        let mut open = Task::open_of_instances(db, workspace, &going).await?;
        let flow = |(id, state)| (id, record_flow(id, state, &open.remove(&id).unwrap_or_default()));
        Ok(states.into_iter().map(flow).collect())
    }
}

/// Whether somebody may still have something to do.
fn is_going(state: InstanceState) -> bool {
    match state {
        InstanceState::Running | InstanceState::Withdrawn => true,
        InstanceState::Approved | InstanceState::Rejected | InstanceState::Terminated => false,
    }
}

/// An instance with the steps and people whom its open tasks wait for.
fn record_flow(instance: Id, state: InstanceState, open: &[Task]) -> wire::records::RecordFlow {
    let mut steps: Vec<String> = Vec::new();
    let mut assignees: Vec<Id> = Vec::new();
    for task in open.iter().filter(|task| task.kind != TaskKind::Cc) {
        if !steps.contains(&task.step) {
            steps.push(task.step.clone());
        }
        assignees.extend(task.assignee.filter(|member| !assignees.contains(member)));
    }
    wire::records::RecordFlow { instance, state: state.key().to_string(), steps, assignees }
}

fn system(system: &System, flow: Option<wire::records::RecordFlow>) -> wire::records::System {
    let instant = |at: Option<Timestamp>| at.map(format_timestamp);
    wire::records::System {
        created_at: format_timestamp(system.created_at),
        created_by: system.created_by,
        updated_at: format_timestamp(system.updated_at),
        updated_by: system.updated_by,
        owner: system.owner,
        department: system.department,
        collaborators: system.collaborators.clone(),
        flow_state: system.flow_state.clone(),
        voided_at: instant(system.voided_at),
        deleted_at: instant(system.deleted_at),
        flow,
    }
}
