using System.Collections.Immutable;

namespace Lanyard;

/// <summary>
/// The ranks of a group gave what does not belong together: different operations, types or shapes, or one gave what no rank may. Every rank of the group is told the same, and nothing was
/// exchanged: the group can go on.
/// </summary>
public sealed class RankMismatchException : LanyardException
{
    /// <summary>Says what each rank gave.</summary>
    /// <param name="what">What is wrong with it: <c>are of different types</c>.</param>
    /// <param name="given">What each rank gave, in their order.</param>
    public RankMismatchException(string what, ImmutableArray<string> given)
        : base($"What the ranks give {what}: {string.Join("; ", given)}.") => Given = given;

    /// <summary>What each rank gave, in their order, with its name.</summary>
    public ImmutableArray<string> Given { get; }
}
