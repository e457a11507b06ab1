//! The subscription: the event feed from a position on, history first, then live.

use super::{
    event::Event,
    fault::{FaultCode, fault},
    scalar::Position,
    scope::{Scope, Shared},
};
use async_graphql::{Context, Result, Subscription as GraphSubscription};
use engine::{identity::Position as CommitPosition, member::Caller, permission::Sight};
use futures_util::{Stream, StreamExt, stream};

/// The subscriptions.
pub struct Subscription;

/// What may be followed.
#[GraphSubscription]
impl Subscription {
    /// Every event after a position, history first, then live 事件推送: nothing is missed and nothing comes
    /// twice. To go on after a break, give the `cursor` of the last event that came. Without `after` it
    /// begins with what happens next. For members.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what follows this position or cursor; only what is new when not said.")]
        after: Option<Position>,
    ) -> Result<impl Stream<Item = Result<Event>> + 'static> {
        let scope = Scope::of(ctx)?;
        scope.needs(Sight::Street)?;
        Ok(follow(scope.shared().clone(), scope.caller(), after.unwrap_or(scope.state.position().into())))
    }
}

/// The events after a cursor, for as long as the caller stays a member.
fn follow(shared: Shared, caller: Caller, after: Position) -> impl Stream<Item = Result<Event>> + 'static {
    // A cursor inside a commit needs that commit once more.
    let start = CommitPosition(after.commit.saturating_sub(u64::from(after.event.is_some())));
    let commits = Box::pin(shared.ledger.follow(start));
    let batches = stream::unfold(Some((shared, commits)), move |feed| async move {
        let (shared, mut commits) = feed?;
        let commit = match commits.next().await? {
            Ok(commit) => commit,
            Err(error) => {
                tracing::error!(%error, "the feed could not be read");
                return Some((vec![Err(fault(FaultCode::Internal, "the feed could not be read"))], None));
            }
        };
        let state = shared.ledger.state();
        if !is_member_still(&state, &caller) {
            let ended = fault(FaultCode::Unauthenticated, "the login was revoked; 该成员已停用");
            return Some((vec![Err(ended)], None));
        }
        let events = Event::of_commit(&state, Sight::of(&caller), &commit, after);
        Some((events.into_iter().map(Ok).collect(), Some((shared, commits))))
    });
    batches.flat_map(stream::iter)
}

fn is_member_still(state: &engine::state::State, caller: &Caller) -> bool {
    match caller {
        Caller::Member { member, .. } => state.member(*member).is_some_and(|it| it.revoked.is_none()),
        Caller::System => true,
        Caller::Public => false,
    }
}
