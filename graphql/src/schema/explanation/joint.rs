//! Joint projects 共建项目建议: what is worth doing together, drafted so that it can be posted.

use super::worth::Worth;
use crate::{
    input::lists::PostProjectInput,
    schema::{
        connection::connection,
        entry::Window,
        fault::{FaultCode, fault},
        organization::Organization,
        pairing::{Supplier, Target},
        place::Place,
        scalar::{Json, int},
        scope::{Scope, Snapshot},
        words::{JointKind, UndertakingRole},
    },
};
use async_graphql::{Context, InputType, Object, Result};
use engine::matching::{
    joint::{self as domain, Kind},
    wording::Names,
};

/// Something worth doing together, for a state.
#[derive(Clone)]
pub struct JointProject {
    at: Snapshot,
    it: domain::JointProject,
}

impl JointProject {
    /// The node of a joint project for this state.
    pub fn new(at: &Snapshot, it: domain::JointProject) -> Self {
        Self { at: Snapshot::clone(at), it }
    }
}

connection!(
    JointProject,
    JointProjectConnection,
    JointProjectEdge,
    "what is worth doing together 共建项目建议"
);

/// Something worth doing together 共建项目建议. Nobody has posted it.
#[Object]
impl JointProject {
    /// Of what kind.
    async fn kind(&self) -> JointKind {
        match self.it.kind {
            Kind::Together { .. } => JointKind::Together,
            Kind::Shared { .. } => JointKind::Shared,
            Kind::Exchange { .. } => JointKind::Exchange,
        }
    }

    /// Why it belongs together, in words, in the language of the request.
    async fn message(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.it.kind.message(Names::of(&self.at, Scope::of(ctx)?.language)))
    }

    /// What it would be called 标题.
    async fn title(&self) -> &str {
        &self.it.draft.entry.title
    }

    /// The place 区域 of the community whose needs these are, when its kind is TOGETHER.
    async fn place(&self) -> Option<Place> {
        match self.it.kind {
            Kind::Together { community } => Place::find(&self.at, community),
            Kind::Shared { .. } | Kind::Exchange { .. } => None,
        }
    }

    /// The need that several serve, when its kind is SHARED.
    async fn target(&self) -> Option<Target> {
        match self.it.kind {
            Kind::Shared { target } => Target::find(&self.at, target),
            Kind::Together { .. } | Kind::Exchange { .. } => None,
        }
    }

    /// Who gives to whom, each to the next and the last to the first, when its kind is EXCHANGE; else empty.
    #[graphql(complexity = "crate::schema::connection::cost(4, child_complexity)")]
    async fn ring(&self) -> Vec<Organization> {
        let Kind::Exchange { organizations } = &self.it.kind else { return Vec::new() };
        organizations.iter().filter_map(|id| Organization::find(&self.at, *id)).collect()
    }

    /// What its pairings add to the plan, or would 价值.
    async fn value(&self, ctx: &Context<'_>) -> Result<Worth> {
        Ok(Worth::new(self.it.value, Scope::of(ctx)?.language))
    }

    /// What it is worth more than its parts 联动增益.
    async fn bonus(&self, ctx: &Context<'_>) -> Result<Worth> {
        Ok(Worth::new(self.it.bonus, Scope::of(ctx)?.language))
    }

    /// Who gives what 分工, in the order of the draft's slots.
    #[graphql(complexity = "crate::schema::connection::cost(8, child_complexity)")]
    async fn undertakings(&self) -> Vec<Undertaking> {
        let undertaking =
            |it: &domain::Undertaking| Undertaking { at: Snapshot::clone(&self.at), it: it.clone() };
        self.it.undertakings.iter().map(undertaking).collect()
    }

    /// The project as a `PostProjectInput`, to be given to `postProject` as it is.
    async fn draft(&self) -> Result<Json> {
        let draft = PostProjectInput::of(&self.it.draft).to_value().into_json();
        draft.map(Json).map_err(|_| fault(FaultCode::Internal, "the draft cannot be shown as JSON"))
    }
}

/// What one organization would take on.
pub struct Undertaking {
    at: Snapshot,
    it: domain::Undertaking,
}

/// What one organization would take on 承诺.
#[Object]
impl Undertaking {
    /// Who.
    async fn organization(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.organization)
    }

    /// As what.
    async fn role(&self) -> UndertakingRole {
        self.it.role.into()
    }

    /// What that is called, in the language of the request.
    async fn label(&self, ctx: &Context<'_>) -> Result<&'static str> {
        Ok(self.it.role.label(Scope::of(ctx)?.language))
    }

    /// With what.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.at, self.it.supplier)
    }

    /// For what.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.target)
    }

    /// How much of what is asked, in base units; of a payer, yuan.
    async fn quantity(&self) -> i32 {
        int(self.it.quantity)
    }

    /// How much of the giving side it takes: base units, lots, or one engagement.
    async fn draws(&self) -> i32 {
        int(self.it.draws)
    }

    /// When: what both sides have in common.
    async fn window(&self) -> Window {
        Window::of(&self.it.window)
    }
}
