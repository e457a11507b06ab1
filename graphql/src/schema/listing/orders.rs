//! In which orders the three lists and the organizations may be asked for; those of the others stand beside them.

use super::order::{By, order};
use engine::state::listed::{FacetKind, Rank};

/// Declares the order of one of the three lists: what all of them may be sorted by, and what one alone may.
macro_rules! entry_order {
    (
        $what:literal, $order:ident, $field:ident,
        deadline $deadline:literal, status $status:literal, quantity $quantity:literal
        $(, $(#[$value_doc:meta])* $value:ident = $by:expr)?
    ) => {
        order! {
            #[doc = concat!("In which order to list ", $what, " 排序. What has nothing to be sorted by comes last either way.")]
            $order,
            #[doc = concat!("What ", $what, " may be sorted by 排序依据.")]
            $field {
                /// 发布时间: when it was posted, the oldest first.
                Posted = By::Number,
                #[doc = concat!("截止日期: ", $deadline, ".")]
                Deadline = By::Facet(FacetKind::Deadline),
                /// 类别: the code of the category.
                Category = By::Facet(FacetKind::Category),
                #[doc = concat!("状态: as its life goes, ", $status, " first.")]
                Status = By::Facet(FacetKind::Status),
                /// 标题: by its characters.
                Title = By::Name,
                #[doc = concat!("数量: ", $quantity, ", in base units whatever they count.")]
                Quantity = By::Rank(Rank::Quantity),
                $($(#[$value_doc])* $value = $by,)?
            }
        }
    };
}

entry_order!(
    "needs", NeedOrder, NeedOrderField,
    deadline "the last day on which it is of use",
    status "those that wait for their review",
    quantity "the amount that is asked",
    /// 紧急程度: emergencies first; what is not said is normal.
    Urgency = By::Facet(FacetKind::Urgency)
);

entry_order!(
    "resources", ResourceOrder, ResourceOrderField,
    deadline "the last day on which it can be had",
    status "those of which something is free",
    quantity "the amount that is offered"
);

entry_order!(
    "projects", ProjectOrder, ProjectOrderField,
    deadline "the last day of its window",
    status "those that are proposed",
    quantity "its amount"
);

order! {
    /// In which order to list organizations 排序.
    OrganizationOrder,
    /// What organizations may be sorted by 排序依据.
    OrganizationOrderField {
        /// 登记时间: when it was registered, the oldest first.
        Registered = By::Number,
        /// 名称: by its characters.
        Name = By::Name,
        /// 类型: the street office, communities, units by what they are, teams.
        Kind = By::Facet(FacetKind::Kind),
    }
}
