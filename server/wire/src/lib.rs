//! The words on the wire: what requests and answers of the API look like, for the server and the browser.
//!
//! Requests refuse unknown members. Nothing here decides anything: rules are `engine`'s. It compiles to
//! WebAssembly and knows nothing of the server.

mod audit;
mod bin;
pub mod bulk_edit;
mod changes;
pub mod comments;
mod exports;
mod figures;
mod files;
pub mod flow_ahead;
pub mod flow_design;
pub mod flow_figures;
pub mod flows;
mod forms;
mod hooks;
mod imports;
mod jobs;
mod links;
mod list;
mod membership;
pub mod migration;
mod notices;
mod people;
mod permissions;
mod places;
mod prints;
mod problem;
pub mod ready_made;
pub mod records;
mod regions;
mod reports;
mod scripts;
mod sending;
mod sign_in;
pub mod simulation;
mod templates;
mod views;
mod wording;
mod workspace;

pub use audit::{Audit, AuditExportInput, AuditFilter, AuditForm, AuditObject};
pub use bin::{
    Bin, BinPurgeInput, BinRestore, BinRestoreInput, BinResult, BinResults, Binned, BinnedKind, PurgeInput,
    Purged, RestingForm, Retention,
};
pub use changes::{
    Dependent, Dependents, FieldPreview, FieldRemoved, NamedField, PublishPreview, RemovedField, Unfit,
    ValueFate, ValueSample,
};
pub use exports::{ExportFormat, ExportInput, Exported};
pub use figures::{
    Aggregate, AggregateAsOf, AggregateAsOfInput, AggregateBehind, AggregateBehindInput, AggregateDifference,
    AggregateGroup, AggregateVerified, ContributingRecord,
};
pub use files::StoredFile;
pub use forms::{
    App, AppInput, AppPatch, Draft, Edits, EvaluateInput, Evaluated, Form, FormState, FormVersion,
    LinkingForm, Made, May, PermissionGroup, Published, RelatedForm,
};
pub use hooks::{
    Hook, HookDelivery, HookInput, HookMapping, HookMode, HookOutcome, HookPatch, HookProof, HookTaken,
};
pub use imports::{
    FaultGroup, ImportColumn, ImportInput, ImportMode, ImportPreview, ImportPreviewInput, Imported,
    KeptRecord, Misfits, PackageImport, Proposal, ProposeInput, ProposedColumn, RowFault, Undone,
};
pub use jobs::{InstallInput, Installed, Job, JobStarted, JobState, PackagedCall, Template};
pub use links::{
    Link, LinkInput, LinkKind, LinkPatch, LinkState, PublicAnswer, PublicForm, PublicOpen, PublicTaken,
};
pub use list::List;
pub use membership::{
    HandOver, HandedOver, HandedRecords, HeldPlace, HeldRecords, Holdings, Invitation, InvitationAcceptance,
    InvitationInput, InvitationSeen, MemberColumn, MemberImport, MemberImportInput, MemberImportPreview,
    MemberRow, MemberRowChange, PasswordLink, RowFate,
};
pub use notices::{
    Notice, NoticeChannel, NoticeCount, NoticeMail, NoticeSettings, NoticeSettingsInput, NoticesRead,
};
pub use people::{
    Delegation, DelegationInput, Department, DepartmentInput, DepartmentPatch, Login, Me, MePatch, Member,
    MemberInput, MemberPatch, MemberState, PasswordChange, Role, RoleGroup, RoleGroupInput, RoleInput,
    RolePatch, RoleUse, RoleUseKind, Scope, Setup, SetupState, Token, TokenInput, Workspace, ZoneChanged,
    ZoneInput,
};
pub use permissions::{
    ExplainInput, ExplainedGroup, ExplainedLine, ExplainedRight, Explanation, GroupChange, GroupChangeInput,
    GroupPreview, GroupPreviewInput, MemberChange, MemberRolesInput, NamedGroup, PeopleChange, Person,
    RightChange, RoleChangeInput, SeeAsInput,
};
pub use places::{
    AppOrder, AppTree, AppTreeInput, Favourite, FavouriteInput, FavouriteKind, FirstSteps, Hint, PutAway,
    TreeEntry, TreeKind,
};
pub use prints::PrintTemplate;
pub use problem::{Problem, ProblemError};
pub use regions::{RegionList, Regions};
pub use scripts::{
    CaseTested, PackagedScript, Script, ScriptInput, ScriptSource, ScriptTestInput, ScriptTested, Trial,
    TrialInput, TrialLine, TrialRead, TrialUse,
};
pub use workspace::{
    AppMakers, FilesLevel, PasswordPolicy, SessionPolicy, WorkCalendar, WorkHours, WorkspaceFiles,
    WorkspacePatch, WorkspaceSettings,
};

pub use reports::{
    Behind, BehindInput, Comparison, Dashboard, DashboardFilter, DashboardSummary, Figure, FigureColumn,
    FilterChoice, Report, ReportExportInput, ReportFormat, ReportInput, ReportParameter, ReportSummary,
    ReportTable, SearchHit, Sounds, SoundsInput, SparkPoint, TargetReached, TileBehindInput, TileData,
    TileFrame, TileInput,
};
pub use sending::{FlowCall, Secret, SecretInput, SecretPurpose};
pub use sign_in::{
    CodeInput, Confirmation, FormAdmins, RecoveryCodes, ResetInput, ResetRedemption, SecondFactor,
    SecondFactorDemand, SecondFactorOffer, Session, SignInPolicy, SignInPolicyRead, SignInWays,
    WithoutSecondFactor,
};
pub use templates::{DemoCleared, NextSteps, TemplateContent, TemplateDemo, TemplateField, TemplateForm};
pub use views::View;
pub use wording::Wording;

use serde::{Deserialize, Deserializer};

/// Tells `null` from absent in a patch: `Some(None)` and `None`.
pub(crate) fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
