//! Kindred needs of one community that could be served together.

use super::{
    Gift, JointProject, Kind, MEMBERS_MAX,
    drafting::{common, draft},
};
use crate::{
    identity::PlaceId,
    matching::{
        explaining::{Explanations, Worth},
        market::Asker,
    },
    place::PlaceLevel,
    window::Window,
};
use std::collections::{BTreeMap, BTreeSet};

/// Pairings that suit each other, with the time they have in common.
struct Group {
    gifts: Vec<Gift>,
    window: Window,
}

impl Explanations<'_> {
    pub(super) fn together(&self, gifts: &[Gift]) -> Vec<JointProject> {
        let mut communities: BTreeMap<PlaceId, Vec<Group>> = BTreeMap::new();
        for gift in gifts {
            let place = self.sides(gift).and_then(|(asker, _)| self.place_of(asker.target));
            let community = place.and_then(|place| self.state().at_level(place, PlaceLevel::Community));
            if let Some(community) = community {
                self.join(communities.entry(community).or_default(), gift);
            }
        }
        let groups = communities
            .into_iter()
            .flat_map(|(community, groups)| groups.into_iter().map(move |group| (community, group)));
        groups.filter_map(|(community, group)| self.grouped(community, &group)).collect()
    }

    /// Puts a pairing into the first group where it suits all, else into one of its own.
    fn join(&self, groups: &mut Vec<Group>, gift: &Gift) {
        let Some((asker, giver)) = self.sides(gift) else { return };
        let Some(own) = common(&asker.window, &giver.window) else { return };
        for group in groups.iter_mut().filter(|group| group.gifts.len() < MEMBERS_MAX) {
            let kindred = group
                .gifts
                .iter()
                .all(|member| self.sides(member).is_some_and(|(other, _)| self.are_kindred(asker, other)));
            if let Some(window) = common(&group.window, &own).filter(|_| kindred) {
                group.gifts.push(*gift);
                group.window = window;
                return;
            }
        }
        groups.push(Group { gifts: vec![*gift], window: own });
    }

    /// The same top, or one stands in for the other.
    fn are_kindred(&self, one: &Asker, other: &Asker) -> bool {
        let (Some(one), Some(other)) = (&one.category, &other.category) else { return false };
        let stands_in = |asked, offered| {
            self.state().category(asked).is_some_and(|category| category.substitutes.contains(offered))
        };
        one.code == other.code
            || (one.top.is_some() && one.top == other.top)
            || stands_in(&one.code, &other.code)
            || stands_in(&other.code, &one.code)
    }

    fn grouped(&self, community: PlaceId, group: &Group) -> Option<JointProject> {
        let mut undertakings: Vec<_> = group.gifts.iter().filter_map(|gift| self.undertaking(gift)).collect();
        let needs: BTreeSet<_> = undertakings.iter().map(|it| it.target).collect();
        let units: BTreeSet<_> = undertakings.iter().map(|it| it.organization).collect();
        if needs.len() < 2 || units.len() < 2 {
            return None;
        }
        for undertaking in &mut undertakings {
            undertaking.window.clone_from(&group.window);
        }
        let place = self.state().place(community).map_or("", |place| place.name.as_str());
        let first = self.title(undertakings.first()?.target);
        let title = format!("{place}联合共建:{first}等{}项", needs.len());
        let draft = draft(self, &title, self.state().street()?.office, Some(community), &undertakings);
        let value = Worth(group.gifts.iter().map(|gift| gift.value).sum());
        Some(JointProject { kind: Kind::Together { community }, value, bonus: Worth(0), undertakings, draft })
    }
}
