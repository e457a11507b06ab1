//! In which orders the three lists and the organizations may be asked for; those of the others stand beside them.

use super::order::{By, order};
use engine::state::listed::FacetKind;

order! {
    /// In which order to list needs 排序. What has nothing to be sorted by comes last either way.
    NeedOrder,
    /// What needs may be sorted by 排序依据.
    NeedOrderField {
        /// 发布时间: when it was posted, the oldest first.
        Posted = By::Number,
        /// 截止日期: the last day on which it is of use.
        Deadline = By::Facet(FacetKind::Deadline),
        /// 类别: the code of the category.
        Category = By::Facet(FacetKind::Category),
        /// 状态: as the life of a need goes, those that wait for their review first.
        Status = By::Facet(FacetKind::Status),
        /// 紧急程度: emergencies first; what is not said is normal.
        Urgency = By::Facet(FacetKind::Urgency),
        /// 标题: by its characters.
        Title = By::Name,
        /// 数量: the amount that is asked, in base units whatever they count.
        Quantity = By::Amount,
    }
}

order! {
    /// In which order to list resources 排序. What has nothing to be sorted by comes last either way.
    ResourceOrder,
    /// What resources may be sorted by 排序依据.
    ResourceOrderField {
        /// 发布时间: when it was posted, the oldest first.
        Posted = By::Number,
        /// 截止日期: the last day on which it can be had.
        Deadline = By::Facet(FacetKind::Deadline),
        /// 类别: the code of the category.
        Category = By::Facet(FacetKind::Category),
        /// 状态: as the life of a resource goes, those of which something is free first.
        Status = By::Facet(FacetKind::Status),
        /// 标题: by its characters.
        Title = By::Name,
        /// 数量: the amount that is offered, in base units whatever they count.
        Quantity = By::Amount,
    }
}

order! {
    /// In which order to list projects 排序. What has nothing to be sorted by comes last either way.
    ProjectOrder,
    /// What projects may be sorted by 排序依据.
    ProjectOrderField {
        /// 发布时间: when it was posted, the oldest first.
        Posted = By::Number,
        /// 截止日期: the last day of its window.
        Deadline = By::Facet(FacetKind::Deadline),
        /// 类别: the code of the category.
        Category = By::Facet(FacetKind::Category),
        /// 状态: as the life of a project goes, those that are proposed first.
        Status = By::Facet(FacetKind::Status),
        /// 标题: by its characters.
        Title = By::Name,
        /// 数量: its amount, in base units whatever they count.
        Quantity = By::Amount,
    }
}

order! {
    /// In which order to list organizations 排序.
    OrganizationOrder,
    /// What organizations may be sorted by 排序依据.
    OrganizationOrderField {
        /// 登记时间: when it was registered, the oldest first.
        Registered = By::Number,
        /// 名称: by its characters.
        Name = By::Name,
    }
}
