namespace Lanyard.Generator.Models;

/// <summary>Which numbers the items of a list have in checkpoints.</summary>
/// <param name="First">The member with the number of the first item, or null.</param>
/// <param name="Numbers">The member with the number of each, or null.</param>
/// <param name="Total">The member with the number of items that all processes have, or null.</param>
public sealed record ListNumbersModel(MemberModel? First, MemberModel? Numbers, MemberModel? Total);
