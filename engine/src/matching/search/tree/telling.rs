//! The tree as its proof tells it.
#![expect(clippy::indexing_slicing, reason = "nodes are numbered as they are made")]

use super::{State, Tree};
use crate::matching::search::outline::{Mark, Outline};

impl Tree {
    /// The tree in preorder.
    pub(in crate::matching::search) fn outline(&self) -> Outline {
        let mut outline = Outline::default();
        let mut places = vec![None; self.prices.len()];
        let mut ahead = vec![0u32];
        while let Some(node) = ahead.pop() {
            let node = &self.nodes[node as usize];
            match node.state {
                State::Divided { decision, children } => {
                    outline.marks.push(Mark::Ask(decision));
                    ahead.extend([children + 1, children]);
                }
                State::Apart(number) => {
                    let apart = &self.aparts[number as usize];
                    outline.marks.push(Mark::Apart(outline.falls.len() as u32));
                    outline.falls.push(apart.labels.clone());
                    apart.pieces.iter().for_each(|piece| outline.append(&piece.outline(&self.part)));
                }
                State::Leaf => {
                    let place = *places[node.prices as usize].get_or_insert_with(|| {
                        outline.prices.push(self.prices[node.prices as usize].clone());
                        outline.prices.len() as u32 - 1
                    });
                    outline.marks.push(Mark::Leaf(place));
                }
            }
        }
        outline
    }
}
