using System.Collections.Immutable;

namespace Lanyard;

/// <summary>
/// A refit of a group was abandoned on all ranks, is not decided as far as this rank can see, or has left this rank behind. What made a rank fail itself is its inner exception.
/// </summary>
public sealed class GroupRefitException : LanyardException
{
    internal GroupRefitException(string message, string group, long number, ImmutableArray<int> ranks, string reason, Exception? innerException = null)
        : base(message, innerException) => (Group, Number, Ranks, Reason) = (group, number, ranks, reason);

    /// <summary>The group.</summary>
    public string Group { get; }

    /// <summary>The number of the refit.</summary>
    public long Number { get; }

    /// <summary>The ranks that made it fail: of an abandoned refit the same ones for all.</summary>
    public ImmutableArray<int> Ranks { get; }

    /// <summary>Why it failed: of an abandoned refit the same for all ranks.</summary>
    public string Reason { get; }

    /// <summary>
    /// Whether this rank has voted and does not know what was decided: it has the old weights and keeps the new ones, until <see cref="RefitGroup.Settle"/>, or another <see cref="GroupRefit.Commit"/>,
    /// could ask the store.
    /// </summary>
    public bool IsUndecided { get; internal init; }
}
