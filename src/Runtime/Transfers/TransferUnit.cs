namespace Lanyard.Transfers;

/// <summary>One parameter of a plan, with the group that says how it is filled.</summary>
/// <param name="Group">The group.</param>
/// <param name="Member">The parameter.</param>
internal sealed record TransferUnit(TransferGroup Group, TransferMember Member)
{
    /// <summary>The parameters of a plan in the order in which all processes go through them: those of one layer together.</summary>
    public static IEnumerable<TransferUnit> Of(TransferPlan plan) =>
        plan.Groups.SelectMany(group => Of(group)).OrderBy(unit => unit.Member.Position);

    /// <summary>Those of a group.</summary>
    public static IEnumerable<TransferUnit> Of(TransferGroup group) => group.Members.Select(member => new TransferUnit(group, member));
}
