//! A record as somebody may see it.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight};
use engine::record::values_to_json;
use engine::value::{Id, Timestamp, Values, format_timestamp};
use store::Reader;
use store::instance::{Instance, InstanceState, Task};
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
        let (closed, shows_alike) = (Standing::default(), self.shows_alike());
        let mut views = Vec::with_capacity(records.len());
        for (record, values) in records.iter().zip(shown) {
            let standing = standings.as_ref().map(|all| all.get(&record.id).unwrap_or(&closed));
            let own = standing.filter(|_| !shows_alike).map(|standing| &standing.fields);
            let fields = self.visible(own, &values, only);
            let may = standing.map_or_else(|| self.may_alike(record), |standing| standing.may.clone());
            let flow = self.flow_of(db, record).await?;
            views.push(wire::records::Record {
                id: record.id,
                version: record.version,
                fields,
                row_counts: record.row_counts.clone(),
                system: system(&record.system, flow),
                may,
                instance: None,
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
        let flow = self.flow_of(db, record).await?;
        Ok(wire::records::Record {
            id: record.id,
            version: record.version,
            fields: values_to_json(&self.compiled.form, &values, visible),
            row_counts: record.row_counts.clone(),
            system: system(&record.system, flow),
            // What a step lets its people change goes through their task.
            may: wire::records::RecordMay::default(),
            instance: None,
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

    /// Where a record is in its flow.
    async fn flow_of(
        &self,
        db: &mut Reader,
        record: &Record,
    ) -> Result<Option<wire::records::RecordFlow>, Refusal> {
        let Some(id) = record.system.instance else { return Ok(None) };
        let workspace = self.caller.workspace_id();
        let Some(instance) = Instance::find(db, workspace, id).await? else { return Ok(None) };
        let open = match instance.state {
            InstanceState::Running | InstanceState::Withdrawn => {
                Task::open_of_instance(db, workspace, id).await?
            }
            InstanceState::Approved | InstanceState::Rejected | InstanceState::Terminated => Vec::new(),
        };
        let mut steps: Vec<String> = Vec::new();
        let mut assignees: Vec<Id> = Vec::new();
        for task in open.iter().filter(|task| task.kind != store::instance::TaskKind::Cc) {
            if !steps.contains(&task.step) {
                steps.push(task.step.clone());
            }
            assignees.extend(task.assignee.filter(|member| !assignees.contains(member)));
        }
        let state = instance.state.key().to_string();
        Ok(Some(wire::records::RecordFlow { instance: id, state, steps, assignees }))
    }
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
