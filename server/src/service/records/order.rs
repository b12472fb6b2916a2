//! Who works with the records of which form, and how it came.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::access::{Access, FieldRight, Operation};
use engine::context::Context;
use engine::flow::Calendar;
use engine::script::Budget;
use engine::value::{Id, Timestamp};
use store::Reader;
use store::form::FormRow;
use store::table::FormRef;

use super::trial::Trial;
use crate::service::cached::Snapshot;
use crate::service::clock;
use crate::service::designs::{Compiled, Designs, FormDesign, context};
use crate::service::forms::publish;
use crate::service::people::{Caller, Credential};
use crate::service::{Installation, Refusal};

/// How a write came; what it triggers follows from it (semantics.md 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// A person with the browser: form, grid.
    Web,
    /// Somebody without an account, by a public link.
    PublicForm,
    /// Another system, by an inbound hook.
    Hook,
    /// A program with a token, one record or many.
    Api,
    Import,
    /// Many records at once, by value or by formula.
    BulkEdit,
    /// What was before is put back: a record from the bin, an earlier version, a batch.
    Restore,
    /// The decision of a task.
    Task,
    /// What a flow does by itself: its actions, the flows that it starts, deadlines and delays.
    Flow,
    /// What a transaction script writes.
    Script,
    /// A consequence that the product draws itself, such as a link that is cleared.
    Consequence,
    /// A template's demo records.
    Demo,
}

impl Path {
    /// The path that a caller's own requests take.
    pub fn of(caller: &Caller) -> Path {
        match caller.credential {
            Credential::Session(_) | Credential::SeeingAs { .. } => Path::Web,
            Credential::Token { .. } | Credential::Operator => Path::Api,
            Credential::Product => Path::Flow,
            Credential::Link(_) => Path::PublicForm,
            Credential::Hook(_) => Path::Hook,
        }
    }

    /// As history and audit call it.
    pub fn name(self) -> &'static str {
        match self {
            Path::Web => "web",
            Path::PublicForm => "public_form",
            Path::Hook => "hook",
            Path::Api => "api",
            Path::Import => "import",
            Path::BulkEdit => "bulk_edit",
            Path::Restore => "restore",
            Path::Task => "task",
            Path::Flow => "flow",
            Path::Script => "script",
            Path::Consequence => "consequence",
            Path::Demo => "demo",
        }
    }

    /// Whether a path in the history is one by which somebody changes what a record holds: neither the product by itself, nor
    /// whoever puts back what was there.
    pub fn is_of_people(name: &str) -> bool {
        let theirs =
            [Path::Web, Path::PublicForm, Path::Hook, Path::Api, Path::Import, Path::BulkEdit, Path::Task];
        theirs.iter().any(|path| path.name() == name)
    }

    /// Whether a record that is made this way starts its form's flow, where the writer says `asked`.
    pub fn starts_flow(self, asked: Option<bool>) -> bool {
        match self {
            Path::Web | Path::PublicForm => true,
            Path::Hook | Path::Api | Path::Flow | Path::Script => asked.unwrap_or(true),
            Path::Import | Path::Demo => asked.unwrap_or(false),
            Path::BulkEdit | Path::Restore | Path::Task | Path::Consequence => false,
        }
    }

    /// Whether automations, hooks and notices follow.
    pub fn triggers(self) -> bool {
        match self {
            Path::Web
            | Path::PublicForm
            | Path::Hook
            | Path::Api
            | Path::Import
            | Path::BulkEdit
            | Path::Restore
            | Path::Task
            | Path::Flow
            | Path::Script
            | Path::Consequence => true,
            Path::Demo => false,
        }
    }

    /// Whether rights were looked at elsewhere: the step of a task, or nobody's.
    pub fn is_beyond_groups(self) -> bool {
        match self {
            Path::Task | Path::Flow | Path::Script | Path::Consequence | Path::Demo => true,
            Path::Web
            | Path::PublicForm
            | Path::Hook
            | Path::Api
            | Path::Import
            | Path::BulkEdit
            | Path::Restore => false,
        }
    }
}

/// A caller at work with the records of a form: everything that is looked up once.
#[derive(Clone)]
pub struct Order {
    pub installation: Installation,
    pub caller: Caller,
    pub designs: Arc<Designs>,
    pub form: Id,
    pub compiled: Compiled,
    pub access: Access,
    pub context: Context,
    pub path: Path,
    /// What saves that belong together carry in the history.
    pub batch: Option<Id>,
    /// Whether automations, hooks and notices follow.
    pub triggers: bool,
    /// The script that this is done for, if it is for one.
    pub script: Option<Arc<InScript>>,
    /// The trial of a script that this is done in; nothing of it stays.
    pub trial: Option<Arc<Trial>>,
    /// Calls of flows to other systems that have led here, one by the answer to another.
    pub hops: i64,
}

/// What is done because of a transaction script.
#[derive(Debug)]
pub struct InScript {
    /// What is left of what the first script may do.
    pub budget: Budget,
    /// How many scripts have led here, each by what it writes.
    pub depth: u32,
    /// The records that are being saved meanwhile, by form and id: nobody else changes them.
    pub saving: BTreeSet<(Id, Id)>,
}

impl Order {
    /// For reading.
    ///
    /// # Errors
    /// Not found for a form that the caller may not use.
    pub async fn to_read(installation: &Installation, caller: &Caller, form: &str) -> Result<Order, Refusal> {
        let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
        Order::new(installation, caller, designs, form, Path::of(caller))
    }

    /// For reading a record by a part in its flow, whatever groups say of the form. The access shows nothing.
    ///
    /// # Errors
    /// Not found for a form that does not exist.
    pub async fn to_follow(
        installation: &Installation,
        caller: &Caller,
        form: &str,
    ) -> Result<Order, Refusal> {
        let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
        let design = designs.form_named(form).filter(|design| design.sketch.is_some());
        let form = design.ok_or_else(Refusal::missing)?.row.id;
        Order::known(installation, caller, designs, form, Path::of(caller))
    }

    /// For trying out the draft of a form, as if it were published. Of its records there are none.
    ///
    /// # Errors
    /// Not found or forbidden for who does not design the form; every fault of a draft that can't be published.
    pub async fn to_try(installation: &Installation, caller: &Caller, form: &str) -> Result<Order, Refusal> {
        let workspace = caller.workspace_id();
        let designs = installation.designs.get(&installation.store, workspace).await?;
        let id = designs.form_to_administer(form, caller)?.row.id;
        let row = FormRow::find(&mut installation.store.read().await?, workspace, id).await?;
        let form = publish::compile(&designs, caller, &row.ok_or_else(Refusal::missing)?)?;
        let compiled = Compiled { form, grants: Vec::new() };
        let design = designs.form_named(&id.to_string()).ok_or_else(Refusal::missing)?;
        let access = designs.access_through_links(design, &compiled, caller)?;
        let context = Context { params: designs.parameters(design.row.app), ..context(caller, clock::now()) };
        let (installation, caller, path) = (installation.clone(), caller.clone(), Path::of(caller));
        let (batch, triggers) = (None, false);
        Ok(Order {
            installation,
            caller,
            designs,
            form: id,
            compiled,
            access,
            context,
            path,
            batch,
            triggers,
            script: None,
            trial: None,
            hops: 0,
        })
    }

    /// For writing, in the transaction that writes: the definition is the newest, and nobody publishes another until
    /// the transaction ends.
    ///
    /// # Errors
    /// As [`Order::to_read`].
    pub async fn to_write(
        installation: &Installation,
        tx: &mut store::Tx,
        caller: &Caller,
        form: &str,
        path: Path,
    ) -> Result<Order, Refusal> {
        caller.may_change()?;
        let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
        let order = Order::new(installation, caller, designs.clone(), form, path)?.newest(tx).await?;
        if !Arc::ptr_eq(&order.designs, &designs) {
            // Who may not use it any more by the newest is told so of the form, and not of each of its records.
            order.designs.form_to_use(form, caller)?;
        }
        if order.design()?.flow.is_none() {
            return Ok(order);
        }
        // Its flow asks those who are there now.
        let caller = order.caller.informed(installation, tx).await?;
        Ok(Order { caller, ..order })
    }

    /// For another form, in the same work.
    ///
    /// # Errors
    /// Not found where the form is gone.
    pub fn with_form(&self, form: Id, path: Path) -> Result<Order, Refusal> {
        let design = self.designs.published(form)?;
        let compiled = self.designs.compiled(design)?;
        let access = self.designs.access_through_links(design, &compiled, &self.caller)?;
        let context = Context { params: self.designs.parameters(design.row.app), ..self.context.clone() };
        let triggers = self.triggers && path.triggers();
        Ok(Order { form, compiled, access, path, context, triggers, ..self.clone() })
    }

    /// For a form, as the product itself works with it on behalf of `member`, in the same work: by the definition that is
    /// in force, kept from changing.
    ///
    /// # Errors
    /// Not found where the form is gone.
    pub async fn of_product(&self, tx: &mut store::Tx, member: Id, form: Id) -> Result<Order, Refusal> {
        let caller = Caller::product(&self.caller.people, member)?;
        let order = Order::known(&self.installation, &caller, self.designs.clone(), form, Path::Flow)?;
        let order = order.newest(tx).await?;
        let context = Context { now: self.now(), ..order.context.clone() };
        let (script, trial) = (self.script.clone(), self.trial.clone());
        Ok(Order { context, triggers: self.triggers, script, trial, hops: self.hops, ..order })
    }

    /// For a form, as a transaction script writes to it on behalf of whoever saves, in the same work.
    ///
    /// # Errors
    /// Not found where the form is gone.
    pub async fn of_script(
        &self,
        tx: &mut store::Tx,
        form: Id,
        script: Arc<InScript>,
    ) -> Result<Order, Refusal> {
        let caller = Caller::product(&self.caller.people, self.caller.id())?;
        let order = Order::known(&self.installation, &caller, self.designs.clone(), form, Path::Script)?;
        // Where one alone writes, nothing is published while the save goes on.
        let order = if self.installation.store.is_shared() { order.newest(tx).await? } else { order };
        let context = Context { now: self.now(), ..order.context.clone() };
        let triggers = self.triggers && order.triggers;
        let (script, trial) = (Some(script), self.trial.clone());
        Ok(Order { context, triggers, script, trial, hops: self.hops, ..order })
    }

    fn new(
        installation: &Installation,
        caller: &Caller,
        designs: Arc<Designs>,
        form: &str,
        path: Path,
    ) -> Result<Order, Refusal> {
        let form = designs.form_to_use(form, caller)?.row.id;
        Order::known(installation, caller, designs, form, path)
    }

    /// For a published form, whatever the caller may do with it.
    pub fn known(
        installation: &Installation,
        caller: &Caller,
        designs: Arc<Designs>,
        form: Id,
        path: Path,
    ) -> Result<Order, Refusal> {
        let design = designs.published(form)?;
        let compiled = designs.compiled(design)?;
        let access = designs.access_through_links(design, &compiled, caller)?;
        let context = Context { params: designs.parameters(design.row.app), ..context(caller, clock::now()) };
        let hops = caller.hook().map_or(0, |pass| pass.hops);
        let (installation, caller) = (installation.clone(), caller.clone());
        Ok(Order {
            installation,
            caller,
            designs,
            form,
            compiled,
            access,
            context,
            path,
            batch: None,
            triggers: path.triggers(),
            script: None,
            trial: None,
            hops,
        })
    }

    /// This order by the definition that is in force, kept from changing.
    pub async fn newest(self, tx: &mut store::Tx) -> Result<Order, Refusal> {
        let workspace = self.caller.workspace_id();
        let designs = if self.installation.store.is_shared() {
            let version = FormRow::hold_version(tx, workspace, self.form).await?;
            if version.ok_or_else(Refusal::missing)? == self.design()?.row.version {
                return Ok(self);
            }
            Arc::new(Designs::load(tx, workspace).await?)
        } else {
            // Who alone writes need keep nobody from publishing: nothing changes until the transaction ends.
            let designs = self.installation.designs.newest(&self.installation.store, tx, workspace).await?;
            if Arc::ptr_eq(&designs, &self.designs) {
                return Ok(self);
            }
            designs
        };
        let order = Order::known(&self.installation, &self.caller, designs, self.form, self.path)?;
        let Order { batch, triggers, script, trial, hops, .. } = self;
        Ok(Order { batch, triggers, script, trial, hops, ..order })
    }

    pub fn design(&self) -> Result<&FormDesign, Refusal> {
        self.designs.published(self.form)
    }

    /// The form as the store names it.
    pub fn table(&self) -> FormRef {
        FormRef {
            workspace: self.caller.workspace_id(),
            form: self.form,
            version: i64::from(self.compiled.form.version),
        }
    }

    /// Another form as the store names it.
    ///
    /// # Errors
    /// Not found where it is gone.
    pub fn table_of(&self, form: Id) -> Result<FormRef, Refusal> {
        let design = self.designs.published(form)?;
        Ok(FormRef { workspace: self.caller.workspace_id(), form, version: design.row.version })
    }

    /// What the caller may do with the records of another form.
    pub fn access_to(&self, form: Id) -> Result<Access, Refusal> {
        let design = self.designs.published(form)?;
        Ok(self.designs.access(design, &self.designs.compiled(design)?, &self.caller))
    }

    /// The right on a field that groups leave to whoever submits, or has submitted. Who has left all groups of the form reads
    /// of a request of theirs what everybody reads who may submit; they change nothing.
    pub fn right_at_start(&self, path: &str) -> FieldRight {
        if self.access.may(Operation::Create) || self.access.may(Operation::View) {
            return self.access.right(path);
        }
        let mut submitting =
            self.compiled.grants.iter().flatten().filter(|grant| grant.may(Operation::Create)).peekable();
        let is_open =
            submitting.peek().is_some() && submitting.all(|grant| grant.right(path) >= FieldRight::Read);
        if is_open { FieldRight::Read } else { FieldRight::None }
    }

    pub fn now(&self) -> Timestamp {
        self.context.now
    }

    /// The zone and the working time of the workspace.
    pub fn calendar(&self) -> Calendar {
        self.caller.people.rules.working_calendar(self.context.zone.clone())
    }

    /// Whether the caller administers the form, with its app or alone.
    pub fn is_administrator(&self) -> bool {
        self.access.is_unrestricted()
    }

    /// A reader on the store, with the order's own rights to look.
    pub async fn reader(&self) -> Result<Reader, Refusal> {
        Ok(self.installation.store.read().await?)
    }
}
