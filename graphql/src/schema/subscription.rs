//! The subscriptions: the event feed, what has changed, and the tiles of dashboards.

use super::{
    event::Event,
    live::{
        changes::{self, LiveChanges},
        filter::{EventFilter, Wanted},
        tiles::LiveTiles,
    },
    scalar::Position,
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, MergedSubscription, Result, Subscription as GraphSubscription};
use engine::permission::Sight;
use futures_util::Stream;
use storage::Commit;

/// What may be followed.
#[derive(Default, MergedSubscription)]
pub struct Subscription(EventFeed, LiveChanges, LiveTiles);

/// The event feed from a position on, history first, then live.
#[derive(Default)]
pub struct EventFeed;

/// The event feed.
#[GraphSubscription]
impl EventFeed {
    /// Every event after a position, history first, then live 事件推送: nothing is missed and nothing comes
    /// twice. To go on after a break, give the `cursor` of the last event that came. Without `after` it
    /// begins with what happens next. For members; who acts for an organization is told of what it sees.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what follows this position or cursor; only what is new when not said.")]
        after: Option<Position>,
        #[graphql(desc = "Only what passes this filter.")] filter: Option<EventFilter>,
    ) -> Result<impl Stream<Item = Result<Event>> + 'static> {
        let scope = Scope::of(ctx)?;
        scope.needs(Sight::Street)?;
        let (caller, wanted) = (scope.caller(), Wanted::read(filter.unwrap_or_default())?);
        let of_commit = move |at: &Snapshot, commit: &Commit, after: Position| {
            let sight = Sight::of(at, &caller);
            let events = Event::of_commit(at, sight, commit, after).into_iter();
            events.filter(|event| event.passes(&wanted)).collect()
        };
        changes::follow(scope, after, of_commit)
    }
}
